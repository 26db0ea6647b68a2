"""The status callbacks of one call, one after the other, beside the call."""

import queue
import threading
from dataclasses import dataclass

from sandbox.callbacks import Poster
from sandbox.voice.leg import Leg
from sandbox.world import World

REORDER_SECONDS = 0.4


@dataclass(frozen=True)
class _Callback:
    url: str
    params: dict[str, str]
    event: str
    method: str


class Reports:
    """Posts what was asked for; `close()` when there is no more to tell."""

    def __init__(self, world: World, poster: Poster) -> None:
        self._world, self._poster = world, poster
        self._queue: queue.SimpleQueue[_Callback | None] = queue.SimpleQueue()
        self._swap = False
        self._later: threading.Timer | None = None
        threading.Thread(target=self._deliver, daemon=True).start()

    def send(self, leg: Leg, event: str) -> None:
        """Queues one event, if it was asked for."""
        url = leg.urls.get("status_url")
        if not url or event not in leg.urls.get("events", ["completed"]):
            return
        params = leg.event_params()
        if event == "initiated":
            params["CallStatus"] = "initiated"
        callback = _Callback(url, params, event, leg.urls.get("status_method") or "POST")
        self._world.reporting(+1)
        if self._world.behaviour.reorder:
            self._swap = not self._swap
            if self._swap:  # every other event comes a little later than the one after it
                self._later = threading.Timer(REORDER_SECONDS, self._queue.put, (callback,))
                self._later.start()
                return
        self._queue.put(callback)

    def close(self) -> None:
        """No more events."""
        if self._later is not None:
            self._later.join()
        self._queue.put(None)

    def _deliver(self) -> None:
        while (callback := self._queue.get()) is not None:
            self._poster.report(callback.url, callback.params, event=callback.event, method=callback.method)
            self._world.reporting(-1)
