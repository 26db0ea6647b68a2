"""Tells beside a call who picked it up. https://www.twilio.com/docs/voice/answering-machine-detection"""

import threading
from dataclasses import dataclass

from sandbox.callbacks import Poster
from sandbox.voice.leg import Leg
from sandbox.voice.machines import GREETING_SECONDS, MACHINES, answered_by
from sandbox.world import World


@dataclass(frozen=True)
class Detection:
    """What was asked for. `wanted` is Enable or DetectMessageEnd."""

    wanted: str
    url: str | None
    method: str = "POST"

    def begin(self, world: World, poster: Poster, leg: Leg) -> None:
        """Reports who picked up; of a machine, when its greeting has ended, if that was asked for."""
        mode, waits = world.phone(leg.party).mode, self.wanted == "DetectMessageEnd"
        seconds = GREETING_SECONDS / world.settings.speed if mode in MACHINES and waits else 0
        who = answered_by(mode, waits_for_end=waits)

        def tell() -> None:
            world.update(lambda: setattr(leg, "answered_by", who))
            if self.url:
                told = {
                    "CallSid": leg.sid,
                    "AccountSid": world.settings.account_sid,
                    "AnsweredBy": who,
                    "MachineDetectionDuration": f"{seconds * 1000:.0f}",
                }
                poster.report(self.url, told, event="amd", method=self.method)
            world.reporting(-1)

        world.reporting(+1)
        timer = threading.Timer(seconds, tell)
        timer.daemon = True
        timer.start()
