"""An agent's notes about a client."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.pipeline.deals import touch
from app.pipeline.models import Note


def save_note(session: Session, *, note_id: UUID, referral_id: UUID, agent_id: UUID, body: str, at: datetime) -> bool:
    """Saves a note under the id its page chose, however often; False: that id is taken by another note.

    Raises LockTimeout.
    """
    row = {"id": note_id, "referral_id": referral_id, "agent_id": agent_id, "body": body, "at": at}
    saved = session.scalar(
        insert(Note)
        .values(row)
        .on_conflict_do_update(
            index_elements=[Note.id],
            set_={"body": body, "edited_at": at},
            where=and_(Note.agent_id == agent_id, Note.referral_id == referral_id),
        )
        .returning(Note.id)
    )
    if saved is None:
        return False
    touch(session, referral_id=referral_id, at=at)
    return True


def notes_of(session: Session, *, referral_id: UUID, agent_id: UUID) -> Sequence[Note]:
    """The agent's notes about a referral, newest first."""
    query = select(Note).where(Note.referral_id == referral_id, Note.agent_id == agent_id)
    return session.scalars(query.order_by(Note.at.desc(), Note.id)).all()
