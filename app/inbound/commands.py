"""What an agent's text can bring about: a call, a decline, or a word of help."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.calls.request import CannotCall, call_me
from app.claims.decline import ask_decline
from app.claims.page import claim_view
from app.claims.phases import Phase
from app.core.queue.outbox import NOTHING, Outbox
from app.inbound.replies import Replies
from app.notifications.inbound_sms import InboundText, Meaning
from app.offers.models import Offer
from app.offers.rules import UNDO_FOR, DeclineReason
from app.offers.service import live_offers, newest_offer
from app.people.service import lock_agents

REMEMBERED = timedelta(days=1)
"""For how long a 1 or 2 is about the last offer, when none is open."""
HELP_EVERY = timedelta(hours=1)
"""Their phone may answer by itself, as ours does: two machines must not talk to each other for ever."""


@dataclass(frozen=True)
class Asked:
    """Who texts, about which of their offers, and how they are answered."""

    agent_id: UUID
    letter: str | None
    replies: Replies
    at: datetime
    ring_seconds: int


@dataclass(frozen=True)
class Done:
    """What a text came to, and which offer it was about."""

    answer: str | None = None
    offer_id: UUID | None = None
    outbox: Outbox = NOTHING


def call_by_text(session: Session, asked: Asked) -> Done:
    """The same as the tap, for the open offer that is meant: the phone rings, and nothing has to be said.

    With none open it is about the last one: its client is tried again, if they have not picked up yet.
    """
    offers = live_offers(session, agent_id=asked.agent_id, at=asked.at)
    offer = _meant(offers, asked.letter) or _last(session, asked)
    if offer is None:
        return _no_such_offer(offers, asked)
    if offer not in offers and not _client_waits(session, offer, asked):
        return _over(session, offer, asked)
    result = call_me(session, offer_id=offer.id, at=asked.at, ring_seconds=asked.ring_seconds)
    if not isinstance(result, CannotCall):
        return Done(None, offer.id, result.outbox)
    if result.reason == "over":
        return _over(session, offer, asked)
    return Done(asked.replies.refused(result.reason), offer.id, result.outbox)


def decline_by_text(session: Session, asked: Asked) -> Done:
    """Declines the open offer that is meant. A second 2 while the first can be undone is the same one, said twice."""
    offers = live_offers(session, agent_id=asked.agent_id, at=asked.at)
    last = _last(session, asked)
    offer = last if last is not None and _being_declined(last, asked.at) else _meant(offers, asked.letter) or last
    if offer is None:
        return _no_such_offer(offers, asked)
    if offer not in offers:
        return _over(session, offer, asked)
    outbox = ask_decline(session, offer_id=offer.id, reason=DeclineReason.BY_TEXT, at=asked.at)
    if offer.decline_at != asked.at + UNDO_FOR:  # read again under its lock: somebody was quicker
        return _over(session, offer, asked)
    return Done(asked.replies.declining(offer), offer.id, outbox)


def help_by_text(session: Session, asked: Asked) -> Done:
    """What 1 and 2 do; not said again for an hour."""
    lock_agents(session, [asked.agent_id])
    helped = exists().where(
        InboundText.agent_id == asked.agent_id,
        InboundText.meaning == Meaning.UNCLEAR,
        InboundText.answer.is_not(None),
        InboundText.received_at > asked.at - HELP_EVERY,
    )
    if session.scalar(select(helped)):
        return Done()
    return Done(asked.replies.helpful(live_offers(session, agent_id=asked.agent_id, at=asked.at)))


def _no_such_offer(offers: list[Offer], asked: Asked) -> Done:
    return Done(asked.replies.helpful(offers) if offers else asked.replies.no_referral())


def _over(session: Session, offer: Offer, asked: Asked) -> Done:
    """Why nothing can be done about it."""
    view = claim_view(session, offer_id=offer.id, at=asked.at)
    assert view is not None
    return Done(asked.replies.over(view), offer.id)


def _client_waits(session: Session, offer: Offer, asked: Asked) -> bool:
    view = claim_view(session, offer_id=offer.id, at=asked.at)
    return view is not None and view.phase is Phase.CLIENT_MISSED


def _meant(offers: list[Offer], letter: str | None) -> Offer | None:
    """The newest of them, or the newest with this letter."""
    return next((offer for offer in offers if letter in (None, offer.letter)), None)


def _last(session: Session, asked: Asked) -> Offer | None:
    return newest_offer(session, agent_id=asked.agent_id, since=asked.at - REMEMBERED, letter=asked.letter)


def _being_declined(offer: Offer, at: datetime) -> bool:
    """By a text, which can still be undone."""
    by_text = offer.decline_reason is DeclineReason.BY_TEXT
    return by_text and offer.decline_at is not None and at < offer.decline_at
