"""What the words of a message are made of, read fresh right before it is sent."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.models import Call
from app.core.clock import now
from app.flows.claim_view import claim_view
from app.flows.lost_words import lost_words
from app.flows.phases import Phase
from app.notify.compose import push_topic
from app.notify.models import Notification
from app.notify.rules import Channel, Kind
from app.offers.models import Offer
from app.offers.rules import DECLINE_WORDS, DeclineReason, OfferStatus
from app.offers.service import newest_offer
from app.people.models import Account, Agent, SignInLink
from app.people.number_models import NumberChange
from app.people.numbers import CODE_LIFETIME, UNDO_LIFETIME
from app.referrals.models import Referral
from app.referrals.rules import Need


@dataclass(frozen=True)
class Links:
    """Makes the addresses that messages carry."""

    offer: Callable[[UUID], str]
    sign_in: Callable[[UUID], str]
    portal: Callable[[UUID], str]
    admin: Callable[[UUID], str]
    number_confirm: Callable[[UUID], str]
    number_revert: Callable[[UUID], str]
    unsubscribe: Callable[[UUID], str]
    """Of an agent."""
    arrived: Callable[[UUID], str]
    """Of a notification."""
    channels: Callable[[], str]
    our_number: str
    """In E.164: whoever calls it can claim by a PIN."""


Open = Collection[UUID]
"""The offers on which the reader of a message can act now; read for many messages at once."""
Maker = Callable[[Session, Notification, Links, Open], dict[str, Any]]


def message_values(session: Session, notification: Notification, links: Links, open_offers: Open) -> dict[str, Any]:
    """The values of this message's templates."""
    return {
        "language": _language(session, notification),
        "arrived": links.arrived(notification.id),
        "tag": push_topic(notification),
        "badge": len(open_offers),
        **MAKERS[notification.kind](session, notification, links, open_offers),
    }


def _language(session: Session, notification: Notification) -> str:
    agent = session.get_one(Account, notification.account_id).agent
    return agent.language if agent is not None else "en"


def _need(need: Need) -> dict[str, Any]:
    """What and where. `city` apart from `zip`: a text has room for one only where names are long."""
    return {"need": need, "city": need.city, "zip": need.zip_code.partition("-")[0]}


def _offer(session: Session, notification: Notification, links: Links, open_offers: Open) -> dict[str, Any]:
    offer = _offer_of(session, notification)
    return {
        **_need(offer.referral.need),
        "agent_first_name": offer.agent.first_name,
        "link": links.offer(offer.id),
        "unsubscribe": links.unsubscribe(offer.agent_id),
        "letter": offer.letter if set(open_offers) - {offer.id} else None,
        "expires_at": offer.expires_at,
        "time_zone": offer.agent.time_zone,
    }


def _lost(session: Session, notification: Notification, links: Links, open_offers: Open) -> dict[str, Any]:
    offer = _offer_of(session, notification)
    lost_to = lost_words(session, offer_id=offer.id)
    return {
        **_need(offer.referral.need),
        "agent_first_name": offer.agent.first_name,
        "winner_first_name": lost_to.winner_first_name,
        "lead": _lead(lost_to.behind_seconds),
        "link": links.offer(offer.id),
        "unsubscribe": links.unsubscribe(offer.agent_id),
    }


def _lead(behind_seconds: int | None) -> str:
    """`, by 4 seconds`; nothing where it was no race, or too close for words."""
    return f", by {behind_seconds} second{'' if behind_seconds == 1 else 's'}" if behind_seconds else ""


def _details(session: Session, notification: Notification, links: Links, open_offers: Open) -> dict[str, Any]:
    offer = _offer_of(session, notification)
    talked = session.scalar(select(Call.id).where(Call.offer_id == offer.id, Call.connected_at.is_not(None)).limit(1))
    return {
        "agent_first_name": offer.agent.first_name,
        "client": offer.referral.client,
        "need": offer.referral.need,
        "notes": offer.referral.notes,
        "link": links.portal(offer.referral_id),
        "claimed_at": offer.referral.claimed_at,
        "time_zone": offer.agent.time_zone,
        "talked": talked is not None,
    }


def _sign_in(session: Session, notification: Notification, links: Links, open_offers: Open) -> dict[str, Any]:
    link = session.get_one(SignInLink, notification.sign_in_link_id)
    account = session.get_one(Account, link.account_id)
    return {
        "agent_first_name": account.agent.first_name if account.agent else None,
        "link": links.sign_in(link.id),
        "minutes": round((link.expires_at - link.created_at).total_seconds() / 60),
    }


def _no_agent(session: Session, notification: Notification, links: Links, open_offers: Open) -> dict[str, Any]:
    referral = session.get_one(Referral, notification.referral_id)
    offers = session.execute(
        select(Agent.name, Offer.status, Offer.decline_reason, Offer.decline_words)
        .join(Offer, Offer.agent_id == Agent.id)
        .where(Offer.referral_id == referral.id)
        .order_by(Offer.id)
    ).all()
    return {"need": referral.need, "link": links.admin(referral.id), "offers": [_outcome(*offer) for offer in offers]}


def _outcome(name: str, status: OfferStatus, reason: DeclineReason | None, words: str | None) -> str:
    """`Sam Ortiz: declined. Too far away: "an hour by car"`."""
    why = f". {DECLINE_WORDS[reason]}" if reason is not None else ""
    return f"{name}: {status}{why}" + (f': "{words}"' if words else "")


def _number_code(session: Session, notification: Notification, links: Links, open_offers: Open) -> dict[str, Any]:
    return {
        "code": _change_of(session, notification).code,
        "minutes": round(CODE_LIFETIME.total_seconds() / 60),
    }


def _number_confirm(session: Session, notification: Notification, links: Links, open_offers: Open) -> dict[str, Any]:
    change = _change_of(session, notification)
    offer = session.get_one(Offer, change.offer_id)
    return {
        "agent_first_name": offer.agent.first_name,
        "need": offer.referral.need,
        "new_phone": change.new_phone,
        "old_phone": change.old_phone,
        "link": links.number_confirm(change.id),
        "hours": round(UNDO_LIFETIME.total_seconds() / 3600),
    }


def _number_changed(session: Session, notification: Notification, links: Links, open_offers: Open) -> dict[str, Any]:
    change = _change_of(session, notification)
    return {
        "ending": change.new_phone[-4:],
        "is_own": change.confirmed_at is not None,
        "link": links.number_revert(change.id),
    }


def _client_called(session: Session, notification: Notification, links: Links, open_offers: Open) -> dict[str, Any]:
    offer = _offer_of(session, notification)
    return {
        **_need(offer.referral.need),
        "agent_first_name": offer.agent.first_name,
        "client": offer.referral.client,
        "client_first_name": offer.referral.client.first_name,
        "called_at": notification.created_at,
        "time_zone": offer.agent.time_zone,
        "link": links.portal(offer.referral_id),
    }


def _unplaced(session: Session, notification: Notification, links: Links, open_offers: Open) -> dict[str, Any]:
    """What the claim page offers right now: a number and a PIN, or another call."""
    offer = _offer_of(session, notification)
    view = claim_view(session, offer_id=offer.id, at=now())
    assert view is not None
    others = set(open_offers) - {offer.id}
    return {
        **_need(offer.referral.need),
        "our_number": links.our_number,
        "pin": view.pin if view.phase is Phase.PIN else None,
        "reply": _reply_for(session, offer, others),
        "link": links.offer(offer.id),
    }


def _reply_for(session: Session, offer: Offer, others: Collection[UUID]) -> str | None:
    """What to text for another call about this offer; None: a text would be about another one."""
    if offer.status is not OfferStatus.CLAIMED:
        return f"1{offer.letter}" if others else "1"
    since = offer.created_at - timedelta(seconds=1)
    newest = newest_offer(session, agent_id=offer.agent_id, since=since)
    return "1" if newest is offer and not others else None


def _test(session: Session, notification: Notification, links: Links, open_offers: Open) -> dict[str, Any]:
    """A tap on it says that it arrived; on a notification, which can say so by itself, it shows the channels."""
    agent = session.get_one(Account, notification.account_id).agent
    assert agent is not None
    pushed = notification.channel is Channel.PUSH
    return {
        "agent_first_name": agent.first_name,
        "link": links.channels() if pushed else links.arrived(notification.id),
    }


def _change_of(session: Session, notification: Notification) -> NumberChange:
    return session.get_one(NumberChange, notification.number_change_id)


def _offer_of(session: Session, notification: Notification) -> Offer:
    return session.get_one(Offer, notification.offer_id)


MAKERS: dict[Kind, Maker] = {
    Kind.OFFER: _offer,
    Kind.LOST: _lost,
    Kind.DETAILS: _details,
    Kind.SIGN_IN: _sign_in,
    Kind.NO_AGENT: _no_agent,
    Kind.NUMBER_CODE: _number_code,
    Kind.NUMBER_CONFIRM: _number_confirm,
    Kind.NUMBER_CHANGED: _number_changed,
    Kind.CLIENT_CALLED: _client_called,
    Kind.UNPLACED: _unplaced,
    Kind.TEST: _test,
}
