"""Reads TwiML: the verbs in use, with their attributes. What it does not know is an error, not something to skip.

https://www.twilio.com/docs/voice/twiml
"""

from dataclasses import dataclass, field
from xml.etree import ElementTree

BOOLEANS = frozenset({"true", "false"})
METHODS = frozenset({"GET", "POST"})
ANY: frozenset[str] = frozenset()
LEG_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
ROOM_EVENTS = frozenset({"start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"})

ATTRIBUTES: dict[str, dict[str, frozenset[str]]] = {
    "Say": {"voice": ANY, "language": ANY, "loop": ANY},
    "Pause": {"length": ANY},
    "Play": {"loop": ANY, "digits": ANY},
    "Gather": {
        "input": frozenset({"dtmf"}), "action": ANY, "method": METHODS, "timeout": ANY,
        "numDigits": ANY, "finishOnKey": ANY, "actionOnEmptyResult": BOOLEANS,
    },
    "Dial": {
        "action": ANY, "method": METHODS, "timeout": ANY, "callerId": ANY, "answerOnBridge": BOOLEANS,
        "timeLimit": ANY, "hangupOnStar": BOOLEANS,
    },
    "Conference": {
        "muted": BOOLEANS, "beep": BOOLEANS | {"onEnter", "onExit"}, "startConferenceOnEnter": BOOLEANS,
        "endConferenceOnExit": BOOLEANS, "waitUrl": ANY, "maxParticipants": ANY, "participantLabel": ANY,
        "statusCallback": ANY, "statusCallbackMethod": METHODS, "statusCallbackEvent": ANY,
    },
    "Number": {
        "url": ANY, "method": METHODS, "statusCallback": ANY, "statusCallbackMethod": METHODS,
        "statusCallbackEvent": ANY,
        "machineDetection": frozenset({"Enable", "DetectMessageEnd"}), "machineDetectionTimeout": ANY,
        "amdStatusCallback": ANY, "amdStatusCallbackMethod": METHODS,
    },
    "Record": {
        "action": ANY, "method": METHODS, "timeout": ANY, "finishOnKey": ANY, "maxLength": ANY, "playBeep": BOOLEANS,
        "recordingStatusCallback": ANY, "recordingStatusCallbackMethod": METHODS,
    },
    "Redirect": {"method": METHODS},
    "Hangup": {},
    "Reject": {"reason": frozenset({"rejected", "busy"})},
    "Message": {"to": ANY, "from": ANY, "action": ANY, "method": METHODS, "statusCallback": ANY},
    "Body": {},
}  # fmt: skip
CHILDREN = {"Gather": {"Say", "Pause", "Play"}, "Dial": {"Number", "Conference"}, "Message": {"Body"}}
VOICE_VERBS = frozenset({"Say", "Pause", "Play", "Gather", "Dial", "Record", "Redirect", "Hangup", "Reject"})
MESSAGE_VERBS = frozenset({"Message", "Redirect"})
MOST_NUMBERS = 10
FINISH_KEYS = frozenset("0123456789#*") | {""}
WHOLE_NUMBERS = frozenset(
    {"timeout", "numDigits", "length", "loop", "timeLimit", "machineDetectionTimeout", "maxLength", "maxParticipants"}
)


class InvalidTwiml(Exception):
    """A document the carrier would not run (12100, 12200)."""


@dataclass(frozen=True)
class Verb:
    """One element: its attributes, its text, its children."""

    name: str
    attributes: dict[str, str]
    text: str
    children: list["Verb"] = field(default_factory=list)

    @property
    def method(self) -> str:
        """How its address is asked for."""
        return self.attributes.get("method", "POST")

    def number(self, name: str, default: float) -> float:
        """A numeric attribute."""
        return float(self.attributes.get(name, default))


def parse(document: str, verbs: frozenset[str] = VOICE_VERBS) -> list[Verb]:
    """The verbs of a document. Raises InvalidTwiml saying what is wrong."""
    try:
        root = ElementTree.fromstring(document)
    except ElementTree.ParseError as error:
        raise InvalidTwiml(f"12100 Document parse failure: {error}") from None
    if root.tag != "Response":
        raise InvalidTwiml(f"12100 The document is a <{root.tag}>, not a <Response>")
    return [_verb(element, verbs) for element in root]


def _verb(element: ElementTree.Element, allowed: frozenset[str] | set[str]) -> Verb:
    name = str(element.tag)
    if name not in allowed:
        raise InvalidTwiml(f"12200 <{name}> is not known here")
    for attribute, value in element.attrib.items():
        _check(name, attribute, value)
    children = [_verb(child, CHILDREN.get(name, set())) for child in element]
    if name == "Dial" and len(children) > MOST_NUMBERS:
        raise InvalidTwiml(f"13247 <Dial> with more than {MOST_NUMBERS} numbers")
    if name == "Dial" and len(children) > 1 and any(child.name == "Conference" for child in children):
        raise InvalidTwiml("12200 <Dial> with a <Conference> and something else")
    return Verb(name, dict(element.attrib), (element.text or "").strip(), children)


def _check(name: str, attribute: str, value: str) -> None:
    known = ATTRIBUTES[name]
    if attribute not in known:
        raise InvalidTwiml(f"12200 <{name}> has no attribute {attribute}")
    if known[attribute] and value not in known[attribute]:
        raise InvalidTwiml(f"12200 <{name} {attribute}={value!r}> is no value of it")
    if attribute in WHOLE_NUMBERS and not value.isdigit():
        raise InvalidTwiml(f"12200 <{name} {attribute}={value!r}> is not a whole number")
    if attribute == "finishOnKey" and name != "Record" and value not in FINISH_KEYS:
        raise InvalidTwiml(f"13310 <{name} {attribute}={value!r}> is no key")
    if attribute == "numDigits" and int(value) < 1:
        raise InvalidTwiml(f"13314 <{name} {attribute}={value!r}> waits for no key")
    events = ROOM_EVENTS if name == "Conference" else LEG_EVENTS
    if attribute == "statusCallbackEvent" and not set(value.split()) <= events:
        raise InvalidTwiml(f"12200 <{name} {attribute}={value!r}> names an unknown event")
