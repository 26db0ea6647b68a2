"""What we tell the carrier to say and do: TwiML documents. https://www.twilio.com/docs/voice/twiml

Words come in from templates; here is only their form. Say stands inside Gather, or keys pressed while the
voice speaks would be lost; and Gather reports an empty result, or silence would end the call unheard.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

MENU_SECONDS = 6
NEXT_DIGIT_SECONDS = 3
PIN_SECONDS = 8
KEY_SECONDS = 1
"""After words that ask for no key, and take one."""
SILENCE_SECONDS, LONGEST_MESSAGE = 5, 120
"""Of a message: what ends it, and what it may last."""
CLIENT_RINGS_SECONDS = 30
LEG_EVENTS = "initiated ringing answered completed"


@dataclass(frozen=True)
class Voice:
    """Who speaks."""

    language: str
    name: str


@dataclass(frozen=True)
class Bridge:
    """Joins the agent to the client."""

    number: str
    caller_id: str
    ended_url: str
    status_url: str
    heard_url: str
    """Where it is reported who picked up: a person or a machine."""


@dataclass(frozen=True)
class Room:
    """A conference, as one of its participants enters it."""

    name: str
    label: str
    """Of the participant."""
    left_url: str
    """Asked when they leave it, or it ends."""
    reports_url: str
    """Where it is reported who has joined."""
    ends_with_them: bool = False
    leaves_by_star: bool = False


@dataclass(frozen=True)
class Rung:
    """A phone that rings for a caller. `whisper_url`: what it hears before it is joined, if anything."""

    number: str
    whisper_url: str | None = None


def menu(words: str, *, key_url: str, voice: Voice, digits: int = 1) -> str:
    """Asks for one key; silence is reported to `key_url` like a key.

    With more `digits`, a key counts when none has followed it for a while.
    """
    response = VoiceResponse()
    gather = Gather(
        input="dtmf",
        num_digits=digits,
        timeout=MENU_SECONDS if digits == 1 else NEXT_DIGIT_SECONDS,
        action=key_url,
        method="POST",
        action_on_empty_result=True,
    )
    gather.say(words, voice=voice.name, language=voice.language)
    response.append(gather)
    return str(response)


def connect(words: str, bridge: Bridge, *, voice: Voice) -> str:
    """Says `words` and rings the client; the agent hears it ring, the client hears nothing but the agent."""
    response = VoiceResponse()
    response.say(words, voice=voice.name, language=voice.language)
    dial = Dial(caller_id=bridge.caller_id, timeout=CLIENT_RINGS_SECONDS, action=bridge.ended_url, method="POST")
    dial.number(
        bridge.number,
        status_callback=bridge.status_url,
        status_callback_event=LEG_EVENTS,
        status_callback_method="POST",
        # In a Dial the detection runs beside the call: the two are joined at once.
        machine_detection="DetectMessageEnd",
        amd_status_callback=bridge.heard_url,
        amd_status_callback_method="POST",
    )
    response.append(dial)
    return str(response)


def join(words: str, room: Room, *, voice: Voice) -> str:
    """Says `words`, if any, and puts the call into a conference. https://www.twilio.com/docs/voice/twiml/conference"""
    response = VoiceResponse()
    if words:
        response.say(words, voice=voice.name, language=voice.language)
    response.append(_room(room))
    return str(response)


def join_unless_key(words: str, room: Room, *, key_url: str, voice: Voice) -> str:
    """The same, unless a key is pressed while it speaks, or right after."""
    response = VoiceResponse()
    _say_or_take_key(response, words, key_url, voice)
    response.append(_room(room))
    return str(response)


def _room(room: Room) -> Dial:
    dial = Dial(action=room.left_url, method="POST", hangup_on_star=room.leaves_by_star)
    dial.conference(
        room.name,
        participant_label=room.label,
        beep="false",
        end_conference_on_exit=room.ends_with_them,
        status_callback=room.reports_url,
        status_callback_event="join",
        status_callback_method="POST",
    )
    return dial


def ask_digits(words: str, *, digits: int, to_url: str, voice: Voice) -> str:
    """Asks for this many digits; silence is reported to `to_url` as well."""
    response = VoiceResponse()
    gather = Gather(
        input="dtmf", num_digits=digits, timeout=PIN_SECONDS, action=to_url, method="POST", action_on_empty_result=True
    )
    gather.say(words, voice=voice.name, language=voice.language)
    response.append(gather)
    return str(response)


def forward(
    words: str, phones: Sequence[Rung], caller_id: str, *, ended_url: str, voice: Voice, key_url: str | None = None
) -> str:
    """Says `words` and rings `phones` at once, with our number as the caller; then asks `ended_url`.

    A key that is pressed meanwhile goes to `key_url`, if there is one, and nobody is rung.
    """
    response = VoiceResponse()
    _say_or_take_key(response, words, key_url, voice)
    dial = Dial(caller_id=caller_id, timeout=CLIENT_RINGS_SECONDS, action=ended_url, method="POST")
    for phone in phones:
        dial.number(phone.number, **({"url": phone.whisper_url, "method": "POST"} if phone.whisper_url else {}))
    response.append(dial)
    return str(response)


def say_unless_key(words: str, *, key_url: str, voice: Voice) -> str:
    """Says `words` and hangs up, unless a key is pressed."""
    response = VoiceResponse()
    _say_or_take_key(response, words, key_url, voice)
    response.hangup()
    return str(response)


def _say_or_take_key(response: VoiceResponse, words: str, key_url: str | None, voice: Voice) -> None:
    if key_url is None:
        response.say(words, voice=voice.name, language=voice.language)
        return
    gather = Gather(input="dtmf", num_digits=1, timeout=KEY_SECONDS, action=key_url, method="POST")
    gather.say(words, voice=voice.name, language=voice.language)
    response.append(gather)


def say(words: str, *, voice: Voice) -> str:
    """Says `words`; then the call goes on."""
    response = VoiceResponse()
    response.say(words, voice=voice.name, language=voice.language)
    return str(response)


def take_message(words: str, thanks: str, *, done_url: str, recorded_url: str, voice: Voice) -> str:
    """Says `words`, and records a message after a tone; then asks `done_url`. What was recorded goes to `recorded_url`.

    A caller who says nothing hears `thanks`. https://www.twilio.com/docs/voice/twiml/record
    """
    response = VoiceResponse()
    response.say(words, voice=voice.name, language=voice.language)
    response.record(
        action=done_url,
        method="POST",
        timeout=SILENCE_SECONDS,
        max_length=LONGEST_MESSAGE,
        play_beep=True,
        recording_status_callback=recorded_url,
        recording_status_callback_method="POST",
    )
    response.say(thanks, voice=voice.name, language=voice.language)
    response.hangup()
    return str(response)


def say_and_hang_up(words: str, *, voice: Voice) -> str:
    """Says `words`, and that was it."""
    response = VoiceResponse()
    response.say(words, voice=voice.name, language=voice.language)
    response.hangup()
    return str(response)


def say_slowly_and_hang_up(lines: Sequence[str], *, voice: Voice) -> str:
    """Says one line after the other, with a second between them to write it down."""
    response = VoiceResponse()
    for line in lines:
        response.say(line, voice=voice.name, language=voice.language)
        response.pause(length=1)
    response.hangup()
    return str(response)


def hang_up() -> str:
    """Ends the call without a word."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def one_moment(words: str, *, again_url: str, voice: Voice) -> str:
    """Says `words` and asks the same question again."""
    response = VoiceResponse()
    response.say(words, voice=voice.name, language=voice.language)
    response.redirect(again_url, method="POST")
    return str(response)


def reply(words: str | None) -> str:
    """Answers a text with `words`, or with nothing. https://www.twilio.com/docs/messaging/twiml/message"""
    response = MessagingResponse()
    if words is not None:
        response.message(words)
    return str(response)
