"""The agent says what came of a call: by a key, or by a tap on their page."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.bridge import say_outcome
from app.calls.do_not_contact import do_not_contact
from app.calls.models import Call
from app.calls.reached import ENDS_CALLS, Outcome
from app.clients.contact_key import ContactKeys
from app.clients.wishes import Source, Wish
from app.core.queue.outbox import NOTHING, Outbox
from app.offers.models import Offer
from app.pipeline.deals import note_calls


def record_outcome(session: Session, *, offer_id: UUID, outcome: Outcome, keys: ContactKeys, at: datetime) -> Outbox:
    """Stores the outcome of this offer's last talk. A wrong number, or a client who wants no calls, is not rung again.

    Nothing is stored if the client's phone was never picked up. Raises LockTimeout.
    """
    call, outbox = last_talk(session, offer_id=offer_id), NOTHING
    if call is None:
        return outbox
    if outcome in ENDS_CALLS:
        referral = session.get_one(Offer, offer_id).referral
        wish = Wish(referral.client.phone, Source.AGENT, referral_id=referral.id)
        outbox = do_not_contact(session, wish=wish, keys=keys, at=at)
    say_outcome(session, call_id=call.id, outcome=outcome, at=at)
    note_calls(session, offer_id=offer_id, at=at)
    return outbox


def last_talk(session: Session, *, offer_id: UUID) -> Call | None:
    """The newest call of this offer in which the client's phone was picked up."""
    query = select(Call).where(Call.offer_id == offer_id, Call.picked_up_at.is_not(None))
    return session.scalar(query.order_by(Call.id.desc()).limit(1))
