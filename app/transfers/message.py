"""What the client told the adviser, written down for the agent who gets them."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.core.database.locks import lock_wait
from app.core.errors import FieldError, InvalidInput
from app.referrals.service import lock_referral

LONGEST_MESSAGE = 1000


def keep_message(session: Session, *, referral_id: UUID, message: str) -> None:
    """Adds it to the notes of the referral, for the agent who claims. Raises InvalidInput, and LockTimeout."""
    if not message:
        raise InvalidInput(FieldError("message", "Write what the agent should know."))
    with lock_wait(session):
        referral = lock_referral(session, referral_id)
    if referral is not None:
        referral.notes = "\n\n".join(filter(None, (referral.notes, message[:LONGEST_MESSAGE])))
        session.flush()
