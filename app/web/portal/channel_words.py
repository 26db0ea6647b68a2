"""A channel's state in plain words: why it is off and what can be done about it, and what became of a test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.core.clock import now
from app.core.contact import display_phone
from app.core.formats import clock_face, day_of, listed, weekday
from app.core.language import gettext as _
from app.core.language import mark, ngettext
from app.http.devices import device_words
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
    R.STOPPED: Off(mark("You texted STOP {day}."), mark("Text START to {our_number} to get texts again.")),
    R.LANDLINE: Off(
        mark("{phone} is a landline, your carrier says, and takes no texts."),
        mark("Ask your network for a mobile number here, or try again."),
        mark("Try again"),
    ),
    R.NO_SUCH_NUMBER: Off(
        mark("{phone} is not in service, your carrier says."),
        mark("Ask your network to change it, or try again."),
        mark("Try again"),
    ),
    R.BOUNCED: Off(
        mark("Mail to {email} came back {day}."),
        mark("Ask your network for a new address, or try again."),
        mark("Try again"),
    ),
    R.UNSUBSCRIBED: Off(
        mark("You unsubscribed {day}."),
        mark("Mail about clients you have claimed still comes."),
        mark("Turn on again"),
    ),
    R.GONE: Off(mark("The last browser that took push forgot it {day}."), mark("Turn it on again on this device.")),
}
PROGRESS = {
    C.EMAIL: Progress(
        mark("On its way to {email}."),
        mark("Sent to {email}. Press the button in it, and you know for sure."),
        mark("It arrived. Email works."),
        mark("It didn't get through to {email}."),
    ),
    C.SMS: Progress(
        mark("On its way to {phone}."),
        mark("Sent to {phone}. Your carrier has yet to confirm it."),
        mark("It was delivered. Texts work."),
        mark("It didn't get through to {phone}."),
    ),
    C.PUSH: Progress(
        mark("On its way to {device}."),
        mark("Sent to {device}. It should show in a moment."),
        mark("It showed on {device}."),
        mark("It didn't get through to {device}."),
    ),
    C.VOICE: Progress(
        mark("We are about to ring you."),
        mark("{phone} is ringing. Pick up and press 1."),
        mark("You pressed 1. Calls reach you."),
        mark("The call to {phone} couldn't be placed."),
    ),
}
FAILED = {
    "no_key": mark(
        "The call was picked up, and 1 wasn't pressed. If that was your voicemail, look whether your phone "
        "silences unknown callers."
    ),
    "busy": mark("{phone} was busy, or the call was declined."),
    "no-answer": mark("{phone} rang, and nobody picked up."),
    "21610": mark("Your carrier says this phone has texted STOP."),
    "30003": mark("{phone} is switched off or out of reach, your carrier says."),
    "30004": mark("Your carrier blocks our texts."),
    "30005": mark("{phone} is not in service, your carrier says."),
    "30006": mark("{phone} is a landline or can't take texts, your carrier says."),
    "30007": mark("Your carrier took our text for spam and kept it."),
    "404": mark("{device} doesn't take push any more. Turn it on again there."),
    "410": mark("{device} doesn't take push any more. Turn it on again there."),
}


@blueprint.app_template_filter()
def off_words(channels: Sequence[Channel]) -> str:
    """`Email and texts are off.`"""
    names = [_(NAMES[channel]) for channel in channels]
    several = len(names) > 1 or channels[0] is C.SMS
    words = listed([names[0], *(name.lower() for name in names[1:])])
    return ngettext("%(channels)s is off.", "%(channels)s are off.", 1 + several, channels=words)


def on_day(at: datetime, time_zone: str) -> str:
    """`today`, `on Tuesday`, `on Nov 12`."""
    zone = ZoneInfo(time_zone)
    day, today = at.astimezone(zone).date(), now().astimezone(zone).date()
    ago = (today - day).days
    if ago <= 1:
        return _("yesterday") if ago == 1 else _("today")
    return _("on %(day)s", day=weekday(day) if ago <= DAYS_WITH_A_NAME else day_of(day))


def what_happened(agent: Agent, state: ChannelState) -> str:
    """Why it is off."""
    assert state.off_reason is not None
    assert state.off_at is not None
    day = on_day(state.off_at, agent.time_zone)
    return _(OFF[state.off_reason].happened).format(day=day, phone=display_phone(agent.phone), email=agent.email)


def what_to_do(state: ChannelState, our_number: str) -> str:
    """What brings it back."""
    assert state.off_reason is not None
    return _(OFF[state.off_reason].to_do).format(
        our_number=display_phone(our_number) if our_number else _("our number")
    )


def test_words(agent: Agent, channel: Channel, tested: Tested) -> str:
    """What became of one test, as far as is known."""
    device = device_words(tested.device) if tested.device else _("your device")
    words = _(_test_words(channel, tested)).format(phone=display_phone(agent.phone), email=agent.email, device=device)
    unknown = tested.status is S.FAILED and tested.code is not None and tested.code not in FAILED
    return _("%(words)s (Code %(code)s)", words=words, code=tested.code) if unknown else words


def again_words(state: ChannelState) -> str | None:
    """The button that turns it on again, where that is the agent's to do."""
    again = OFF[state.off_reason].again if state.off_reason is not None else None
    return _(again) if again else None


def quiet_words(state: ChannelState) -> str:
    """`quiet from 10:00 PM to 7:00 AM`, `at any hour`."""
    if state.quiet_from is None or state.quiet_until is None:
        return _("at any hour")
    begins, ends = (clock_face(at) for at in (state.quiet_from, state.quiet_until))
    return _("quiet from %(begins)s to %(ends)s", begins=begins, ends=ends)


def _test_words(channel: Channel, tested: Tested) -> str:
    words = PROGRESS[channel]
    if tested.status is S.DELIVERED:
        return words.arrived
    if tested.status is S.FAILED:
        return FAILED.get(tested.code or "", words.did_not)
    if tested.status is S.DROPPED:
        return mark("It was not sent: it had waited for too long. Try again.")
    if tested.status is S.SENT:
        return words.going
    return words.waiting
