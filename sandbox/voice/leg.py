"""A leg: one phone on one call. To act on it is to set something under the world's lock; its runner waits for that."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from sandbox.world import Line, World, utc_now

RINGING, IN_PROGRESS = "ringing", "in-progress"
SIP_CODES = {"busy": "486", "no-answer": "487", "canceled": "487", "failed": "404"}
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


class LegEnded(Exception):
    """Somebody hung up; what was running on this leg stops."""


class Updated(Exception):
    """The product gave this call a new document."""


class GoTo(Exception):
    """The next document, and what is told when asking for it."""

    def __init__(self, url: str, params: dict[str, str] | None = None, method: str = "POST") -> None:
        super().__init__(url)
        self.url, self.params, self.method = url, params or {}, method


@dataclass
class Leg:
    """`party` is the handset's number, `ours` the other one."""

    world: World
    sid: str
    party: str
    ours: str
    direction: str
    status: str = "queued"
    parent_sid: str | None = None
    created: datetime = field(default_factory=utc_now)
    started: datetime | None = None
    ended: datetime | None = None
    answered: bool = False
    declined: str | None = None
    hung_up_by: str | None = None
    answered_by: str | None = None
    """What machine detection found, if it was asked for."""
    gathering: bool = False
    keys: list[str] = field(default_factory=list)
    spoken: int = 0
    """For how many seconds its handset has spoken since a recording began."""
    transcript: list[Line] = field(default_factory=list)
    update: dict[str, str] | None = None
    sequence: int = 0
    queue_ms: int = 0
    """How long it waited for its turn to be placed."""
    urls: dict[str, Any] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        return self.status in OVER

    @property
    def to(self) -> str:
        return self.ours if self.direction == "inbound" else self.party

    @property
    def sender(self) -> str:
        return self.party if self.direction == "inbound" else self.ours

    def set_status(self, status: str) -> None:
        """Moves on, and wakes those who wait."""

        def change() -> None:
            self.status = status
            if status == IN_PROGRESS:
                self.started = utc_now()
            if status in OVER:
                self.ended = utc_now()

        self.world.update(change)

    def goes_wrong(self, why: str) -> None:
        """Something that the real carrier would not have understood. A call from before a reset is forgotten."""
        if self.world.calls.get(self.sid) is self:
            self.world.error(f"{self.sid}: {why}")

    def hear(self, who: str, text: str, language: str = "") -> None:
        """Adds a line to the transcript."""
        self.world.update(lambda: self.transcript.append(Line(who, text, language)))

    def wait(self, until: Callable[[], bool], seconds: float) -> bool:
        """Waits for `until`; whether it came. Raises LegEnded when somebody hangs up, Updated for a new document."""
        deadline = time.monotonic() + seconds
        with self.world.changed:
            while True:
                if self.hung_up_by is not None:
                    raise LegEnded
                if self.update is not None:
                    raise Updated
                if until():
                    return True
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                self.world.changed.wait(left)

    def params(self) -> dict[str, str]:
        """What every request about this call carries. https://www.twilio.com/docs/voice/twiml#request-parameters"""
        values = {
            "CallSid": self.sid,
            "AccountSid": self.world.settings.account_sid,
            "From": self.sender,
            "To": self.to,
            "Caller": self.sender,
            "Called": self.to,
            "CallStatus": self.status,
            "ApiVersion": "2010-04-01",
            "Direction": self.direction,
        }
        if self.parent_sid:
            values["ParentCallSid"] = self.parent_sid
        if self.direction == "inbound":
            values["StirVerstat"] = self.urls.get("stir", "TN-Validation-Passed-A")
        return values

    def event_params(self) -> dict[str, str]:
        """What a status callback carries besides."""
        values = self.params() | {
            "Timestamp": format_datetime(utc_now()),
            "SequenceNumber": str(self.sequence),
            "CallbackSource": "call-progress-events",
        }
        self.sequence += 1
        if self.over:
            values |= {"CallDuration": str(self.duration()), "Duration": str(-(-self.duration() // 60))}
            values |= {"SipResponseCode": self.sip_code}
        return values

    @property
    def sip_code(self) -> str:
        """How the other side's network put it: 603 is a rejected call, 486 a busy line."""
        return "603" if self.declined is not None else SIP_CODES.get(self.status, "200")

    def duration(self) -> int:
        """Seconds from the pick-up to the end."""
        if self.started is None:
            return 0
        return round(((self.ended or utc_now()) - self.started).total_seconds())

    def snapshot(self) -> dict[str, Any]:
        """Plain values for the page and for tests."""
        return {
            "sid": self.sid,
            "phone": self.party,
            "ours": self.ours,
            "direction": self.direction,
            "status": self.status,
            "parent_sid": self.parent_sid,
            "created": self.created.isoformat(),
            "started": self.started.isoformat() if self.started else None,
            "ended": self.ended.isoformat() if self.ended else None,
            "over": self.over,
            "gathering": self.gathering,
            "transcript": [asdict(line) for line in self.transcript],
        }
