"""A handset rings: until somebody picks up, or declines, or nobody does."""

from sandbox.voice.leg import IN_PROGRESS, RINGING, Leg
from sandbox.voice.machines import MACHINES
from sandbox.voice.reports import Reports
from sandbox.world import World

AT_ONCE_SECONDS = 0.2
BY_ITSELF = frozenset({"answers", *MACHINES})


class Ringer:
    """Rings handsets."""

    def __init__(self, world: World) -> None:
        self._world = world

    def ring(self, leg: Leg, reports: Reports, timeout: float) -> bool:
        """Rings the handset; whether it was answered. The leg's status says how it ended else."""
        mode = self._world.phone(leg.party).mode
        if mode == "unreachable":
            leg.set_status("failed")
            return False
        leg.set_status(RINGING)
        reports.send(leg, "ringing")
        if mode == "busy":
            leg.set_status("busy")
            return False
        leg.wait(lambda: leg.answered or leg.declined is not None, self._patience(leg, mode, timeout))
        if leg.declined is not None:
            leg.set_status(leg.declined)
            return False
        if not leg.answered and not self._answers_by_itself(leg):
            leg.set_status("no-answer")
            return False
        leg.set_status(IN_PROGRESS)
        reports.send(leg, "answered")
        return True

    def _patience(self, leg: Leg, mode: str, timeout: float) -> float:
        by_itself = AT_ONCE_SECONDS if mode in BY_ITSELF else self._answers_after(leg)
        return min(timeout, by_itself) if by_itself is not None else timeout

    def _answers_by_itself(self, leg: Leg) -> bool:
        mode = self._world.phone(leg.party).mode
        if mode in MACHINES:
            leg.hear("phone", MACHINES[mode].says)
        return mode in BY_ITSELF or self._answers_after(leg) is not None

    def _answers_after(self, leg: Leg) -> float | None:
        rule = self._world.settings.client_answers
        return rule[1] if rule is not None and leg.party.startswith(rule[0]) else None
