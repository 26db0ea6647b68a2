"""Whether a message that is about to go out is still wanted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.flows.claim_view import claim_view
from app.flows.unplaced import is_still_waiting, undecided_until
from app.notify.channel_models import PushSubscription
from app.notify.channel_rules import OffReason, quiet_until
from app.notify.channels import ChannelState
from app.notify.models import Notification
from app.notify.rules import Channel, Kind
from app.notify.untold import Untold, Why, why_untold
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.people.models import Account, Agent
from app.people.number_models import NumberChange

ABOUT_REFERRALS = frozenset({Kind.OFFER, Kind.LOST, Kind.CLIENT_CALLED, Kind.DETAILS, Kind.UNPLACED})
"""What a channel that is off carries no more. What somebody asked for just now is tried all the same."""
WHATEVER_IS_CHOSEN = frozenset({Kind.CLIENT_CALLED, Kind.DETAILS, Kind.UNPLACED})
"""Goes out also where the agent wants no offers: it is about a client who is theirs, or answers what they texted."""


KEEPS_QUIET_HOURS = frozenset({Kind.OFFER, Kind.CLIENT_CALLED})
"""Word of a loss does not: whoever it goes to was told of the offer some minutes before."""


SETTLED_WITHIN = timedelta(seconds=1)
"""A decline that can no longer be undone takes effect at the sweeper's next turn."""


@dataclass(frozen=True)
class Facts:
    """What is known of the subjects of a batch of messages, read at once."""

    offers: Mapping[UUID, Offer]
    accounts: Mapping[UUID, Account]
    browsers: Mapping[UUID, PushSubscription]
    channels: Mapping[tuple[UUID, Channel], ChannelState]
    open_offers: Mapping[UUID, Collection[UUID]]
    """What each agent can act on, by the agent."""


def held_until(session: Session, notification: Notification, facts: Facts, at: datetime) -> datetime | None:
    """Until when it has to wait, though it is wanted: a decline can still be undone, another call is on its way, or the
    agent wants peace now."""
    if notification.kind is Kind.UNPLACED:
        assert notification.offer_id is not None
        return undecided_until(claim_view(session, offer_id=notification.offer_id, at=at), at)
    if notification.kind is Kind.OFFER:
        assert notification.offer_id is not None
        declines_at = facts.offers[notification.offer_id].decline_at
        if declines_at is not None:
            return max(declines_at, at + SETTLED_WITHIN)
    agent = facts.accounts[notification.account_id].agent
    if agent is None or notification.kind not in KEEPS_QUIET_HOURS:
        return None
    state = facts.channels.get((agent.id, notification.channel))
    return quiet_until(at, agent.time_zone, state.quiet_from, state.quiet_until) if state is not None else None


def unwanted(session: Session, notification: Notification, facts: Facts, at: datetime) -> Why | None:
    """Why it is not to be sent any more; None: it is."""
    if _is_over(session, notification, at):
        return Untold.OVER
    if notification.kind is Kind.UNPLACED:
        assert notification.offer_id is not None
        if not is_still_waiting(claim_view(session, offer_id=notification.offer_id, at=at)):
            return Untold.OVER
    if notification.kind is Kind.OFFER:
        assert notification.offer_id is not None
        offer = facts.offers[notification.offer_id]
        if offer.status is not OfferStatus.SENT:
            return Untold.OVER
        if _is_paused(offer.agent):
            return Untold.PAUSED
    if notification.channel is Channel.PUSH:
        assert notification.push_subscription_id is not None
        if facts.browsers[notification.push_subscription_id].ended_at is not None:
            return Untold.BROWSER_GONE
    return _why_off(notification, facts)


def _is_over(session: Session, notification: Notification, at: datetime) -> bool:
    if notification.not_after is not None and at >= notification.not_after:
        return True
    if notification.number_change_id is None:
        return False
    return not _still_asked(notification.kind, session.get_one(NumberChange, notification.number_change_id))


def _is_paused(agent: Agent) -> bool:
    return agent.paused_at is not None or (agent.team is not None and agent.team.paused_at is not None)


def _why_off(notification: Notification, facts: Facts) -> Why | None:
    if notification.kind not in ABOUT_REFERRALS:
        return None
    agent = facts.accounts[notification.account_id].agent
    state = facts.channels.get((agent.id, notification.channel)) if agent is not None else None
    if state is None:
        return None
    if notification.kind in WHATEVER_IS_CHOSEN:
        return None if state.off_reason is OffReason.UNSUBSCRIBED else state.off_reason
    return why_untold(state, agreed_to_texts=True)  # whoever has not agreed has no text that waits


def _still_asked(kind: Kind, change: NumberChange) -> bool:
    if kind is Kind.NUMBER_CODE:
        return change.code is not None
    return change.reverted_at is None and (kind is Kind.NUMBER_CHANGED or change.confirmed_at is None)
