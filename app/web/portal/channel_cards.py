"""One channel as the page shows it: words and what can be done, so that templates only lay them out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.core.contact import display_phone
from app.core.language import gettext as _
from app.notifications.channels.models import PushSubscription
from app.notifications.channels.rules import NAMES, Channel
from app.notifications.reach.send_check import cannot_test
from app.notifications.reach.status import Reached
from app.notifications.rules import NotificationStatus
from app.people.models import Agent
from app.web.portal.channel_words import again_words, quiet_words, test_words, what_happened, what_to_do

CLOCK = "%H:%M"
WRONG = (NotificationStatus.FAILED, NotificationStatus.DROPPED)


@dataclass(frozen=True)
class Line:
    """What became of one message of a test."""

    words: str
    shade: str
    """`ok`, `bad` or `going`."""


@dataclass(frozen=True)
class Card:
    """One channel."""

    channel: Channel
    name: str
    goes_to: str
    state: str
    """`on`, `off` (it has died), `unwanted`, or `none`: there is nothing yet that it could reach."""
    state_words: str
    trouble: str | None
    remedy: str | None
    again: str | None
    """The button that turns it on again, where that is the agent's to do."""
    last_worked: datetime | None
    can_test: bool
    lines: tuple[Line, ...]
    is_live: bool
    tag: str
    problem: str | None
    devices: tuple[PushSubscription, ...]
    wanted: bool
    quiet: str
    """In words."""
    quiet_from: str
    quiet_until: str
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_chosen(self) -> bool:
        """Whether the agent has a say in it; a call is asked for each time."""
        return self.channel is not Channel.VOICE


def card_of(
    agent: Agent,
    reached: Reached,
    our_number: str,
    *,
    problem: str | None = None,
    wrong: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Card:
    """The channel as it is; with `typed`, its form as it was sent."""
    state = reached.state
    kind, words = _state(agent, reached)
    begins, ends = (at.strftime(CLOCK) if at else "" for at in (state.quiet_from, state.quiet_until))
    return Card(
        channel=reached.channel,
        name=_(NAMES[reached.channel]),
        goes_to=_goes_to(agent, reached),
        state=kind,
        state_words=words,
        trouble=None if state.is_on else what_happened(agent, state),
        remedy=None if state.is_on else what_to_do(state, our_number),
        again=again_words(state),
        last_worked=reached.last_worked,
        can_test=kind != "none" and cannot_test(agent, state) is None,
        lines=_lines(agent, reached),
        is_live=reached.is_live and reached.state.is_on,
        tag=".".join(f"{tested.id.hex[-6:]}{tested.status}" for tested in reached.newest_test) or "none",
        problem=problem,
        devices=reached.devices,
        wanted=state.wanted if typed is None else "wanted" in typed,
        quiet=quiet_words(state),
        quiet_from=begins if typed is None else typed.get("quiet_from", ""),
        quiet_until=ends if typed is None else typed.get("quiet_until", ""),
        wrong=wrong or {},
    )


def _state(agent: Agent, reached: Reached) -> tuple[str, str]:
    if not reached.state.is_on:
        return "off", _("Off")
    if reached.channel is Channel.SMS and agent.sms_consent_at is None:
        return "none", _("Not agreed to")
    if reached.channel is Channel.PUSH and not reached.devices:
        return "none", _("On no device yet")
    return ("on", _("On")) if reached.state.wanted else ("unwanted", _("You turned it off"))


def _goes_to(agent: Agent, reached: Reached) -> str:
    if reached.channel is Channel.EMAIL:
        return agent.email
    if reached.channel is Channel.PUSH:
        return _("Shows on your screen, with buttons to answer")
    return display_phone(agent.phone)


def _lines(agent: Agent, reached: Reached) -> tuple[Line, ...]:
    """Of a channel that has died, only what went wrong: what had worked before is no news any more."""
    shown = [tested for tested in reached.newest_test if reached.state.is_on or tested.status in WRONG]
    return tuple(Line(test_words(agent, reached.channel, tested), _shade(tested.status)) for tested in shown)


def _shade(status: NotificationStatus) -> str:
    return "ok" if status is NotificationStatus.DELIVERED else "bad" if status in WRONG else "going"
