"""A channel's state in plain words: why it is off and what can be done about it, and what became of a test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.core.clock import now
from app.core.contact import display_phone
from app.core.formats import clock_face
from app.notifications.channels.rules import NAMES, Channel, OffReason
from app.notifications.channels.states import ChannelState
from app.notifications.reach.status import Tested
from app.notifications.rules import NotificationStatus
from app.people.models import Agent
from app.web import blueprint

C, S, R = Channel, NotificationStatus, OffReason
DAYS_WITH_A_NAME = 6


@dataclass(frozen=True)
class Off:
    """Of a reason: what happened, what can be done about it, and the button that tries again, if there is one."""

    happened: str
    to_do: str
    again: str | None = None


@dataclass(frozen=True)
class Progress:
    """Of a channel: how a test of it stands."""

    waiting: str
    going: str
    arrived: str
    did_not: str


OFF = {
    R.STOPPED: Off("You texted STOP {day}.", "Text START to {our_number} to get texts again."),
    R.LANDLINE: Off(
        "{phone} is a landline, your carrier says, and takes no texts.",
        "Ask your network for a mobile number here, or try again.",
        "Try again",
    ),
    R.NO_SUCH_NUMBER: Off(
        "{phone} is not in service, your carrier says.",
        "Ask your network to change it, or try again.",
        "Try again",
    ),
    R.BOUNCED: Off(
        "Mail to {email} came back {day}.",
        "Ask your network for a new address, or try again.",
        "Try again",
    ),
    R.UNSUBSCRIBED: Off(
        "You unsubscribed {day}.",
        "Mail about clients you have claimed still comes.",
        "Turn on again",
    ),
    R.GONE: Off("The last browser that took push forgot it {day}.", "Turn it on again on this device."),
}
PROGRESS = {
    C.EMAIL: Progress(
        "On its way to {email}.",
        "Sent to {email}. Press the button in it, and you know for sure.",
        "It arrived. Email works.",
        "It didn't get through to {email}.",
    ),
    C.SMS: Progress(
        "On its way to {phone}.",
        "Sent to {phone}. Your carrier has yet to confirm it.",
        "It was delivered. Texts work.",
        "It didn't get through to {phone}.",
    ),
    C.PUSH: Progress(
        "On its way to {device}.",
        "Sent to {device}. It should show in a moment.",
        "It showed on {device}.",
        "It didn't get through to {device}.",
    ),
    C.VOICE: Progress(
        "We are about to ring you.",
        "{phone} is ringing. Pick up and press 1.",
        "You pressed 1. Calls reach you.",
        "The call to {phone} couldn't be placed.",
    ),
}
FAILED = {
    "no_key": "The call was picked up, and 1 wasn't pressed. If that was your voicemail, look whether your phone "
    "silences unknown callers.",
    "busy": "{phone} was busy, or the call was declined.",
    "no-answer": "{phone} rang, and nobody picked up.",
    "21610": "Your carrier says this phone has texted STOP.",
    "30003": "{phone} is switched off or out of reach, your carrier says.",
    "30004": "Your carrier blocks our texts.",
    "30005": "{phone} is not in service, your carrier says.",
    "30006": "{phone} is a landline or can't take texts, your carrier says.",
    "30007": "Your carrier took our text for spam and kept it.",
    "404": "{device} doesn't take push any more. Turn it on again there.",
    "410": "{device} doesn't take push any more. Turn it on again there.",
}


@blueprint.app_template_filter()
def off_words(channels: Sequence[Channel]) -> str:
    """`Email and texts are off.`"""
    names = [NAMES[channel] if n == 0 else NAMES[channel].lower() for n, channel in enumerate(channels)]
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"{listed} {'are' if len(names) > 1 or channels[0] is C.SMS else 'is'} off."


def on_day(at: datetime, time_zone: str) -> str:
    """`today`, `on Tuesday`, `on Nov 12`."""
    zone = ZoneInfo(time_zone)
    day, today = at.astimezone(zone).date(), now().astimezone(zone).date()
    ago = (today - day).days
    if ago <= 1:
        return "yesterday" if ago == 1 else "today"
    return f"on {day:%A}" if ago <= DAYS_WITH_A_NAME else f"on {day:%b} {day.day}"


def what_happened(agent: Agent, state: ChannelState) -> str:
    """Why it is off."""
    assert state.off_reason is not None
    assert state.off_at is not None
    day = on_day(state.off_at, agent.time_zone)
    return OFF[state.off_reason].happened.format(day=day, phone=display_phone(agent.phone), email=agent.email)


def what_to_do(state: ChannelState, our_number: str) -> str:
    """What brings it back."""
    assert state.off_reason is not None
    return OFF[state.off_reason].to_do.format(our_number=display_phone(our_number) if our_number else "our number")


def test_words(agent: Agent, channel: Channel, tested: Tested) -> str:
    """What became of one test, as far as is known."""
    device = tested.device or "your device"
    words = _test_words(channel, tested).format(phone=display_phone(agent.phone), email=agent.email, device=device)
    unknown = tested.status is S.FAILED and tested.code is not None and tested.code not in FAILED
    return f"{words} (Code {tested.code})" if unknown else words


def quiet_words(state: ChannelState) -> str:
    """`quiet from 10:00 PM to 7:00 AM`, `at any hour`."""
    if state.quiet_from is None or state.quiet_until is None:
        return "at any hour"
    begins, ends = (clock_face(at) for at in (state.quiet_from, state.quiet_until))
    return f"quiet from {begins} to {ends}"


def _test_words(channel: Channel, tested: Tested) -> str:
    words = PROGRESS[channel]
    if tested.status is S.DELIVERED:
        return words.arrived
    if tested.status is S.FAILED:
        return FAILED.get(tested.code or "", words.did_not)
    if tested.status is S.DROPPED:
        return "It was not sent: it had waited for too long. Try again."
    if tested.status is S.SENT:
        return words.going
    return words.waiting
