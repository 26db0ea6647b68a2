"""A call that was asked for by text could not be placed: its agent, who looks at no page, is told by text, once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.calls.models import Call
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.channels.rules import Channel
from app.notifications.inbound_sms import InboundText, Meaning
from app.notifications.queueing import queue_notification
from app.offers.models import Offer
from app.offers.rules import OfferStatus, is_open
from app.people.models import Agent

UNPLACED = "unplaced"
"""The kind of its message, declared in app/inbound/notices.py: what it says depends on the claim page."""
WORTH_TELLING = timedelta(minutes=10)
"""Where the referral is theirs already, and they wanted to try its client again."""
BY_TEXT = exists().where(
    InboundText.offer_id == Call.offer_id,
    InboundText.meaning == Meaning.CALL,
    InboundText.answer.is_(None),  # we said nothing, since the phone was to ring
    InboundText.received_at >= Call.requested_at,
)


def tell_unplaced(session: Session, *, call_ids: Sequence[UUID], at: datetime) -> Outbox:
    """Texts the agents of these calls, which have failed before they rang, if it was a text that asked for them.

    Nobody is texted about a referral that is gone, nor twice about one offer.
    """
    if not call_ids:
        return NOTHING
    query = (
        select(Offer, Agent.account_id).join(Agent, Agent.id == Offer.agent_id).join(Call, Call.offer_id == Offer.id)
    )
    queued = []
    for offer, account_id in session.execute(query.where(Call.id.in_(call_ids), BY_TEXT)):
        is_theirs = offer.status is OfferStatus.CLAIMED
        if not is_theirs and not is_open(offer.status, offer.expires_at, offer.decline_at, at):
            continue
        queued.append(
            queue_notification(
                session,
                account_id=account_id,
                kind=UNPLACED,
                channel=Channel.SMS,
                at=at,
                offer_id=offer.id,
                not_after=at + WORTH_TELLING if is_theirs else offer.expires_at,
            )
        )
    return Outbox(notifications=tuple(id_ for id_ in queued if id_ is not None))
