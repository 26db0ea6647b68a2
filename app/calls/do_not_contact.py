"""Stores a do-not-contact request, and stops the client's phone if it is ringing."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.models import Call
from app.calls.reasons import Reason
from app.calls.rules import CallStatus
from app.clients.consent import Way
from app.clients.contact_key import ContactKeys
from app.clients.wishes import Wish, keep_wish
from app.core.database.locks import for_update, lock_wait
from app.core.queue.outbox import NOTHING, Outbox


def do_not_contact(session: Session, *, wish: Wish, keys: ContactKeys, at: datetime) -> Outbox:
    """Stores the request. A call ringing the client stops, and its agent is told why. Raises LockTimeout.

    A conversation in progress is left alone.
    """
    keep_wish(session, wish=wish, keys=keys, at=at)
    if Way.CALL not in wish.ways:
        return NOTHING
    query = select(Call).where(Call.client_phone == wish.phone, Call.status == CallStatus.ACCEPTED)
    with lock_wait(session):
        ringing = list(session.scalars(for_update(query.order_by(Call.id), of=Call)))
    for call in ringing:
        call.reason, call.checked_at = Reason.WISH, at
    session.flush()
    return Outbox(calls_to_end=tuple(call.id for call in ringing))
