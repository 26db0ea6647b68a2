"""Record: keeps what is said on a leg. https://www.twilio.com/docs/voice/twiml/record"""

import threading
import time
from dataclasses import dataclass
from urllib.parse import urljoin

from sandbox.callbacks import Poster
from sandbox.voice.leg import Leg, LegEnded
from sandbox.voice.twiml import Verb
from sandbox.world import World, new_sid

MAX_SECONDS = 3600
ANY_KEY = "1234567890*#"
HANGUP = "hangup"
FRAME = bytes([0xFF, 0xFB, 0x90, 0x64]) + bytes(413)
"""One frame of silence: MPEG 1 Layer III, 128 kbit/s, 44.1 kHz."""
FRAMES_PER_SECOND = 38


@dataclass(frozen=True)
class Recording:
    """What was said on a call."""

    sid: str
    call_sid: str
    seconds: int

    @property
    def audio(self) -> bytes:
        """As MP3."""
        return FRAME * FRAMES_PER_SECOND * self.seconds


class Recorder:
    """What the carrier does with Record."""

    def __init__(self, world: World, poster: Poster) -> None:
        self._world, self._poster = world, poster

    def record(self, leg: Leg, verb: Verb, base: str) -> dict[str, str] | None:
        """Records until a key, the longest length, or the end of the call; what the action is told.

        None: nothing was said. A call that is over is `hangup` among its Digits.
        """
        if verb.attributes.get("playBeep", "true") == "true":
            leg.hear("call", "(beep)")
        began, keys = time.monotonic(), verb.attributes.get("finishOnKey", ANY_KEY)
        with self._world.changed:
            leg.keys.clear()
            leg.spoken, leg.gathering = 0, True
        digits = ""
        try:
            longest = verb.number("maxLength", MAX_SECONDS) / self._world.settings.speed
            leg.wait(lambda: any(key in keys for key in leg.keys), longest)
            digits = "".join(leg.keys)
        except LegEnded:
            digits = HANGUP
        finally:
            leg.gathering = False
        seconds = round((time.monotonic() - began) * self._world.settings.speed) + leg.spoken
        if seconds < 1:
            return None
        made = Recording(new_sid("RE"), leg.sid, seconds)
        self._world.update(lambda: self._world.recordings.__setitem__(made.sid, made))
        told = {"RecordingSid": made.sid, "RecordingUrl": self._url(made), "RecordingDuration": str(seconds)}
        self._report(leg, verb, base, told)
        return {**told, "Digits": digits}

    def _report(self, leg: Leg, verb: Verb, base: str, told: dict[str, str]) -> None:
        url = verb.attributes.get("recordingStatusCallback")
        if not url:
            return
        params = {
            **told,
            "AccountSid": self._world.settings.account_sid,
            "CallSid": leg.sid,
            "RecordingStatus": "completed",
            "RecordingChannels": "1",
            "RecordingSource": "RecordVerb",
        }
        method = verb.attributes.get("recordingStatusCallbackMethod", "POST")

        def tell() -> None:
            self._poster.report(urljoin(base, url), params, event="recording", method=method)
            self._world.reporting(-1)

        self._world.reporting(+1)
        threading.Thread(target=tell, daemon=True).start()

    def _url(self, made: Recording) -> str:
        account = self._world.settings.account_sid
        return f"{self._world.settings.origin}/2010-04-01/Accounts/{account}/Recordings/{made.sid}"
