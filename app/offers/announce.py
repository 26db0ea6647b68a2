"""Who is told of an offer by what: on each channel that works, that they want, and on which they are awake in time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.notifications.channels.rules import Channel, quiet_until
from app.notifications.channels.states import CHOSEN, ChannelState, channel_states
from app.notifications.channels.subscriptions import live_subscriptions
from app.notifications.channels.suppression import Suppression, SuppressionReason, suppression_of
from app.offers.messages import OfferMessage, queue_offers
from app.offers.models import Offer
from app.people.models import Agent

NO_BROWSER = (None,)
"""Where a message goes that is for the person, whatever they read it on."""


@dataclass(frozen=True)
class Announced:
    """`at_once` may go out now; `later` of them wait for the end of somebody's quiet hours, or are calls."""

    at_once: tuple[UUID, ...]
    later: int = 0

    @property
    def nobody(self) -> bool:
        """Not one agent hears of it while it stands."""
        return not self.at_once and not self.later


def announce(session: Session, *, offers: Sequence[Offer], at: datetime, told_at: Sequence[datetime] = ()) -> Announced:
    """Queues each of these offers on every channel its agent can be told by, now or at the time of its place in
    `told_at`. Three statements, however many.

    For each of the others a row says why not: tomorrow it may be on, and nobody could tell any more.
    """
    agents = [offer.agent for offer in offers]
    states = channel_states(session, [agent.id for agent in agents]) if agents else {}
    browsers: dict[UUID, list[UUID]] = {}
    for found in live_subscriptions(session, [agent.account_id for agent in agents]) if agents else ():
        browsers.setdefault(found.account_id, []).append(found.id)
    messages = [
        message
        for offer, when in zip(offers, told_at or [at] * len(offers), strict=True)
        for message in _messages(offer, states, browsers.get(offer.agent.account_id, ()), when)
    ]
    for offer, when in zip(offers, told_at or [at] * len(offers), strict=True):
        offer.ring_at = when if is_rung_at(offer.agent, when) else None
    rung = sum(offer.ring_at is not None for offer in offers)
    later = rung + sum(message.suppressed is None and message.due_at > at for message in messages)
    return Announced(tuple(queue_offers(session, messages=messages, at=at)), later)


def is_rung_at(agent: Agent, at: datetime) -> bool:
    """Whether the agent wants to be rung for an offer at this time."""
    if not agent.ring_first:
        return False
    clock = at.astimezone(ZoneInfo(agent.time_zone)).time()
    return agent.ring_from <= clock < agent.ring_until


def _messages(
    offer: Offer, states: Mapping[tuple[UUID, Channel], ChannelState], browsers: Sequence[UUID], at: datetime
) -> Iterator[OfferMessage]:
    agent = offer.agent
    for channel in CHOSEN:
        state = states[agent.id, channel]
        due_at = quiet_until(at, agent.time_zone, state.quiet_from, state.quiet_until) or at
        why = _why_not(offer, state, due_at, has_browser=bool(browsers))
        if why is not None:
            yield OfferMessage(agent.account_id, offer.id, channel, at, offer.expires_at, suppressed=why)
            continue
        for browser in browsers if channel is Channel.PUSH else NO_BROWSER:
            yield OfferMessage(agent.account_id, offer.id, channel, due_at, offer.expires_at, browser)


def _why_not(offer: Offer, state: ChannelState, due_at: datetime, *, has_browser: bool) -> SuppressionReason | None:
    why = suppression_of(state, agreed_to_texts=offer.agent.sms_consent_at is not None)
    if why is not None:
        return why
    if state.channel is Channel.PUSH and not has_browser:
        return Suppression.NO_DEVICE
    return Suppression.QUIET_HOURS if due_at >= offer.expires_at else None
