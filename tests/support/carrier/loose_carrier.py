"""A carrier without a network: it has the calls it was asked for, and answers as it is in the mood to."""

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from itertools import count
from typing import TypeVar

from app.core.errors import Permanent, Retryable, Unknown
from app.providers.twilio.client import Carrier
from app.providers.twilio.message import CarrierCall, CarrierMessage, PlaceCall, SendText
from tests.support.carrier.true_call import ON_THE_PHONE, Answer, Request, TrueCall, Urls

Result = TypeVar("Result")
OUTBOUND, INBOUND = "outbound-api", "inbound"


class Mood(Enum):
    """What becomes of a request of ours, and what we hear of it."""

    WELL = "done, and said so"
    REFUSES = "not done: too many requests"
    NEVER = "not done, and never will be"
    DONE_UNHEARD = "done, and the answer was lost"
    UNDONE_UNHEARD = "not done, and the answer was lost"
    KILLS_AFTER = "done, and whoever asked was killed"
    KILLS_BEFORE = "not done: whoever asked was killed"


class Killed(Exception):
    """The process that was asking is gone."""


class LooseCarrier(Carrier):
    """`mood` holds until it is changed; `meanwhile` happens once, while a request of ours is on its way."""

    def __init__(self, ask: Callable[[Request], Answer], clock: Callable[[], datetime], number: str) -> None:
        self._ask, self._clock, self._number = ask, clock, number
        self._sids = count(1)
        self.calls: list[TrueCall] = []
        self.texts: list[SendText] = []
        self.waiting: list[Request] = []
        """Reports on their way to us."""
        self.mood = Mood.WELL
        self.meanwhile: Callable[[], None] | None = None

    def ask(self, request: Request) -> Answer:
        return self._ask(request)

    def report(self, request: Request) -> None:
        self.waiting.append(request)

    def place_call(self, request: PlaceCall) -> CarrierCall:
        urls = Urls(request.url, request.fallback_url, request.status_url, request.machine_url)
        return self._in_the_mood(lambda: _shown(self._add(self._number, request.to, OUTBOUND, urls)))

    def calls_us(self, sender: str, urls: Urls, attested: bool) -> TrueCall:
        """Somebody rings our number, and is asked at once."""
        call = self._add(sender, self._number, INBOUND, urls)
        call.extra = {"StirVerstat": "TN-Validation-Passed-A" if attested else "TN-Validation-Passed-C"}
        call.picks_up()
        return call

    def fetch_call(self, sid: str) -> CarrierCall:
        return self._in_the_mood(lambda: _shown(self._call(sid)))

    def calls_to(self, number: str) -> list[CarrierCall]:
        found = [call for call in reversed(self.calls) if call.to == number and call.direction == OUTBOUND]
        return self._in_the_mood(lambda: [_shown(call) for call in found])

    def cancel_call(self, sid: str) -> CarrierCall:
        return self._in_the_mood(lambda: self._end(sid, "canceled", of=("queued", "ringing")))

    def hang_up(self, sid: str) -> CarrierCall:
        return self._in_the_mood(lambda: self._end(sid, "completed", of=("queued", "ringing", "in-progress")))

    def say_to_call(self, sid: str, twiml: str) -> CarrierCall:
        return self._in_the_mood(lambda: self._say(sid, twiml))

    def send_text(self, request: SendText) -> CarrierMessage:
        self.texts.append(request)
        return CarrierMessage(f"SM{next(self._sids):032x}", "queued", request.body, None, request.to)

    def fetch_text(self, sid: str) -> CarrierMessage:
        return CarrierMessage(sid, "delivered", "", None, "")

    def texts_to(self, number: str) -> list[CarrierMessage]:
        return []

    def on_phone(self, phone: str) -> list[TrueCall]:
        """The calls that we placed and that ring or talk on this phone now."""
        return [c for c in self.calls if c.direction == OUTBOUND and c.phone == phone and c.status in ON_THE_PHONE]

    def time_has_passed(self) -> None:
        for call in self.calls:
            call.gets_older()

    def _add(self, sender: str, to: str, direction: str, urls: Urls) -> TrueCall:
        call = TrueCall(f"CA{next(self._sids):032x}", sender, to, direction, urls, self, self._clock)
        self.calls.append(call)
        return call

    def _call(self, sid: str) -> TrueCall:
        return next(call for call in self.calls if call.sid == sid)

    def _end(self, sid: str, status: str, of: tuple[str, ...]) -> CarrierCall:
        call = self._call(sid)
        if call.status in of:
            call.ends(status if call.status == "in-progress" else "canceled")
        return _shown(call)

    def _say(self, sid: str, twiml: str) -> CarrierCall:
        call = self._call(sid)
        if call.status != "in-progress":
            raise Permanent("21220")
        call.obeys(twiml)
        return _shown(call)

    def _in_the_mood(self, do: Callable[[], Result]) -> Result:
        meanwhile, self.meanwhile = self.meanwhile, None
        if self.mood is Mood.REFUSES:
            raise Retryable("429")
        if self.mood is Mood.NEVER:
            raise Permanent("21211")
        done = do() if self.mood in (Mood.WELL, Mood.DONE_UNHEARD, Mood.KILLS_AFTER) else None
        if meanwhile is not None:
            meanwhile()
        if self.mood in (Mood.KILLS_AFTER, Mood.KILLS_BEFORE):
            raise Killed
        if done is None or self.mood is Mood.DONE_UNHEARD:
            raise Unknown("no-answer")
        return done


def _shown(call: TrueCall) -> CarrierCall:
    return CarrierCall(call.sid, call.status, call.created_at.replace(microsecond=0))
