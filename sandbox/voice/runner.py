"""Runs one call from the first ring to the last callback, in a thread of its own."""

import threading
import time

from sandbox.callbacks import Poster
from sandbox.voice.detection import Detection
from sandbox.voice.interpreter import Documents
from sandbox.voice.leg import RINGING, GoTo, Leg, LegEnded, Updated
from sandbox.voice.reports import Reports
from sandbox.voice.ringing import Ringer
from sandbox.world import World

DEFAULT_TIMEOUT = 60


class Runner:
    """What the carrier does with calls."""

    def __init__(self, world: World, poster: Poster) -> None:
        self._world, self._poster = world, poster
        self._ringer = Ringer(world)
        self._documents = Documents(world, poster, self._ringer)

    def place(self, leg: Leg) -> None:
        """Queues an outbound call: the carrier places so many per second."""
        world = self._world
        with world.changed:
            at = time.monotonic()
            slot = max(at, world.next_slot)
            world.next_slot = slot + 1 / world.settings.calls_per_second
            leg.queue_ms = round((slot - at) * 1000)
            world.calls[leg.sid] = leg
            world.phone(leg.party)
            world.wake()
        threading.Thread(target=self._outbound, args=(leg, slot), daemon=True).start()

    def incoming(self, leg: Leg) -> None:
        """A handset rings one of our numbers."""
        self._world.update(lambda: self._world.calls.__setitem__(leg.sid, leg))
        threading.Thread(target=self._inbound, args=(leg,), daemon=True).start()

    def _outbound(self, leg: Leg, slot: float) -> None:
        reports = Reports(self._world, self._poster)
        try:
            leg.wait(lambda: False, max(0.0, slot - time.monotonic()))
            reports.send(leg, "initiated")
            if self._ringer.ring(leg, reports, float(leg.urls.get("timeout", DEFAULT_TIMEOUT))):
                self._detect(leg)
                start = GoTo(leg.urls.get("url") or "", method=leg.urls.get("method") or "POST")
                self._documents.run(leg, start, leg.urls.get("twiml"))
        except (LegEnded, Updated):
            pass
        self._end(leg, reports)

    def _inbound(self, leg: Leg) -> None:
        reports = Reports(self._world, self._poster)
        try:
            leg.set_status(RINGING)
            self._documents.run(leg, GoTo(leg.urls["url"]))
            if leg.started is None:  # answerOnBridge, and nobody was there
                leg.set_status("no-answer")
        except (LegEnded, Updated):
            pass
        self._end(leg, reports)

    def _end(self, leg: Leg, reports: Reports) -> None:
        if not leg.over:
            leg.set_status("completed" if leg.started else "canceled")
        reports.send(leg, "completed")
        reports.close()

    def _detect(self, leg: Leg) -> None:
        if leg.urls.get("amd"):
            method = leg.urls.get("amd_method") or "POST"
            Detection(leg.urls["amd"], leg.urls.get("amd_url"), method).begin(self._world, self._poster, leg)
