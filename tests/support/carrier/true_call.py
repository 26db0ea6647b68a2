"""A call as the carrier has it: its true state, what it is being told to do, and what it reports of itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from xml.etree import ElementTree

ON_THE_PHONE = frozenset({"ringing", "in-progress"})
NO_PICK_UP = ("busy", "no-answer", "failed", "canceled")
QUEUED_FOR, RINGS_FOR, CLIENT_RINGS_FOR = timedelta(seconds=60), timedelta(seconds=25), timedelta(seconds=30)
KEY_WITHIN, ANSWER_WITHIN, LAST_WORDS = timedelta(seconds=10), timedelta(seconds=15), timedelta(seconds=3)


@dataclass(frozen=True)
class Request:
    """One request of the carrier's to us."""

    url: str
    params: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        told = dict(self.params)
        words = [told.get(name, "") for name in ("CallStatus", "Digits", "DialCallStatus")]
        return f"{'/'.join(self.url.split('/')[-2:])} {' '.join(words)}"


@dataclass(frozen=True)
class Answer:
    """What we said to it."""

    status: int
    body: str


class Line(Protocol):
    """How a call reaches us, and where what it reports of itself waits until somebody delivers it."""

    def ask(self, request: Request) -> Answer: ...

    def report(self, request: Request) -> None: ...


@dataclass
class Urls:
    """Where one call asks and reports."""

    first: str
    fallback: str
    status: str
    machine: str = ""


@dataclass
class TrueCall:
    """`to` and `sender` as in the carrier's parameters. `asking` is the request for a document that is under way."""

    sid: str
    sender: str
    to: str
    direction: str
    urls: Urls
    line: Line
    clock: Callable[[], datetime]
    extra: dict[str, str] = field(default_factory=dict)
    status: str = "queued"
    asking: Request | None = None
    keys_to: str | None = None
    closing: bool = False
    client: str | None = None
    _bridge: tuple[str, str, str] = ("", "", "")
    _client_since: datetime | None = None
    """Since when the client's phone has been picked up."""
    _sequence: int = 0
    _client_sequence: int = 0

    def __post_init__(self) -> None:
        self.created_at = self.since = self.clock()
        if self.direction == "outbound-api":
            self._report("initiated")

    @property
    def over(self) -> bool:
        return self.status == "completed" or self.status in NO_PICK_UP

    @property
    def phone(self) -> str:
        return self.to if self.direction == "outbound-api" else self.sender

    def rings(self) -> None:
        self._becomes("ringing")

    def picks_up(self) -> None:
        """The agent, or whatever answers for them."""
        self._becomes("in-progress")
        self._ask(self.urls.first)

    def sounds_like(self, heard: str) -> None:
        """The carrier's guess who picked up."""
        self.line.report(self._request(self.urls.machine, AnsweredBy=heard))

    def ends(self, status: str = "completed") -> None:
        """Somebody hangs up, or nobody picks up. What was under way is late, and may arrive all the same."""
        if self.over:
            return
        if self.asking is not None:
            self.line.report(self.asking)
        self.asking = self.keys_to = None
        in_dial, self.closing = self.client in ON_THE_PHONE, False
        if in_dial:
            self._client_becomes("completed" if self._client_since else "canceled")
        self._becomes(status)
        if in_dial:
            self.line.report(self._request(self._bridge[0], **self._dial_ended()))

    def is_answered(self) -> Answer | None:
        """The request under way arrives, and the call does as it is told."""
        request, self.asking = self.asking, None
        if request is None:
            return None
        answer = self.line.ask(request)
        if not self.over:
            self.obeys(answer.body)
        return answer

    def is_not_answered(self) -> None:
        """The request under way got lost: the fallback is asked, and after that the call ends."""
        if self.asking is None:
            return
        if self.asking.url == self.urls.fallback:
            self.ends()
        else:
            self.line.report(self.asking)
            self._ask(self.urls.fallback)

    def obeys(self, document: str) -> None:
        """Does what a document says."""
        self.asking = self.keys_to = None
        self.since = self.clock()
        for verb in ElementTree.fromstring(document):
            if verb.tag == "Gather":
                self.keys_to = verb.attrib["action"]
                return
            if verb.tag == "Redirect":
                self._ask(verb.text or "")
                return
            if verb.tag == "Dial":
                number = verb.find("Number")
                assert number is not None
                told = (number.attrib.get(name, "") for name in ("statusCallback", "amdStatusCallback"))
                self._bridge = (verb.attrib.get("action", ""), *told)
                self._client_since = None
                self._client_becomes("initiated")
                return
        self.closing = True  # the last words are being said

    def press(self, digits: str) -> None:
        """Keys, or none in time."""
        to, self.keys_to = self.keys_to, None
        assert to is not None
        self._ask(to, Digits=digits)

    def client_becomes(self, status: str) -> None:
        """What the client does; afterwards we are asked how to go on."""
        if status == "in-progress":
            self._client_since = self._client_since or self.clock()
        self._client_becomes(status)
        if self.client not in ("initiated", *ON_THE_PHONE):
            if self._bridge[0]:
                self._ask(self._bridge[0], **self._dial_ended())
            else:
                self.ends()

    def client_sounds_like(self, heard: str) -> None:
        """The carrier's guess who picked up the client's phone."""
        if self._bridge[2]:
            self.line.report(Request(self._bridge[2], (("CallSid", self._client_sid), ("AnsweredBy", heard))))

    def gets_older(self) -> None:
        """What time alone does to a call."""
        age = self.clock() - self.since
        if self.status == "queued" and age >= QUEUED_FOR:
            self.rings()
        elif self.status == "ringing" and age >= RINGS_FOR:
            self.ends("no-answer")
        elif self.closing and age >= LAST_WORDS:
            self.ends()
        elif self.asking is not None and age >= ANSWER_WITHIN:
            self.is_not_answered()
        elif self.keys_to is not None and age >= KEY_WITHIN:
            self.press("")
        elif self.client in ("initiated", "ringing") and age >= CLIENT_RINGS_FOR:
            self.client_becomes("no-answer")

    def _becomes(self, status: str) -> None:
        self.status, self.since = status, self.clock()
        self._report(status)

    def _client_becomes(self, status: str) -> None:
        self.client, self.since = status, self.clock()
        if self._bridge[1]:
            leg = {"CallSid": self._client_sid, "ParentCallSid": self.sid, "CallStatus": status}
            leg["SequenceNumber"] = str(self._client_sequence)
            if status == "completed":
                leg["CallDuration"] = self._client_seconds
            self.line.report(Request(self._bridge[1], tuple(leg.items())))
        self._client_sequence += 1

    @property
    def _client_sid(self) -> str:
        return "CA" + self.sid[2:][::-1]

    def _dial_ended(self) -> dict[str, str]:
        status = "completed" if self._client_since else str(self.client)
        ended = {"DialCallStatus": status, "DialCallSid": self._client_sid, "DialCallDuration": self._client_seconds}
        return {**ended, "DialBridged": "true" if self._client_since else "false"}

    @property
    def _client_seconds(self) -> str:
        since = self._client_since
        return str(round((self.clock() - since).total_seconds())) if since is not None else "0"

    def _ask(self, url: str, **params: str) -> None:
        self.asking, self.since = self._request(url, **params), self.clock()

    def _report(self, status: str) -> None:
        self.line.report(self._request(self.urls.status, CallStatus=status, SequenceNumber=str(self._sequence)))
        self._sequence += 1

    def _request(self, url: str, **params: str) -> Request:
        known = {"CallSid": self.sid, "From": self.sender, "To": self.to, "Direction": self.direction}
        return Request(url, tuple({**known, "CallStatus": self.status, **self.extra, **params}.items()))
