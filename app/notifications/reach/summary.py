"""By what each agent is reached, in a few words each: for the desk, many agents at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.language import gettext as _
from app.core.language import mark
from app.notifications.channels.rules import NAMES, Channel, OffReason
from app.notifications.channels.states import CHOSEN, ChannelState, channel_states
from app.notifications.channels.subscriptions import live_subscriptions
from app.people.models import Agent

WHY_OFF = {
    OffReason.STOPPED: mark("texted STOP"),
    OffReason.LANDLINE: mark("a landline"),
    OffReason.NO_SUCH_NUMBER: mark("no such number"),
    OffReason.BOUNCED: mark("mail came back"),
    OffReason.UNSUBSCRIBED: mark("unsubscribed"),
    OffReason.GONE: mark("the browser is gone"),
}


@dataclass(frozen=True)
class Way:
    """One channel to one agent."""

    channel: Channel
    name: str
    state: str
    """`on`, `off` (it has died), `unwanted`, or `none`: nothing there to reach."""
    words: str
    """Why it is not on."""
    code: str | None = None
    since: datetime | None = None


def reached_by(session: Session, agents: Sequence[Agent]) -> dict[UUID, list[Way]]:
    """The ways to each of these agents, in the order in which channels are shown."""
    states = channel_states(session, [agent.id for agent in agents])
    with_push = {browser.account_id for browser in live_subscriptions(session, [a.account_id for a in agents])}
    return {
        agent.id: [_way(agent, states[agent.id, channel], agent.account_id in with_push) for channel in CHOSEN]
        for agent in agents
    }


def _way(agent: Agent, state: ChannelState, takes_push: bool) -> Way:
    channel, name = state.channel, _(NAMES[state.channel])
    if state.off_reason is not None:
        return Way(channel, name, "off", _(WHY_OFF[state.off_reason]), state.off_code, state.off_at)
    if state.channel is Channel.SMS and agent.sms_consent_at is None:
        return Way(channel, name, "none", _("not agreed to"))
    if state.channel is Channel.PUSH and not takes_push:
        return Way(channel, name, "none", _("no device"))
    return Way(channel, name, "on", "") if state.wanted else Way(channel, name, "unwanted", _("not wanted"))
