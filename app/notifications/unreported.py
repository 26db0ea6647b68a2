"""Texts that no receipt has told the end of, and when the carrier is asked after each."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, bindparam, literal, select, update
from sqlalchemy.orm import Session

from app.core.database.columns import table_of
from app.notifications.models import Notification
from app.notifications.rules import NotificationStatus, next_question

ROW = table_of(Notification)
IS_SENT = ROW.c.status == literal(NotificationStatus.SENT, ROW.c.status.type, literal_execute=True)
_UNTOLD = (
    select(*ROW.c["id", "provider_id", "attempts", "taken_at", "ask_at"])
    .where(IS_SENT, ROW.c.ask_at <= bindparam("at"))
    .order_by(ROW.c.ask_at)
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class SentText:
    """A text that was sent, and of which nobody has told how it ended."""

    id: UUID
    sid: str
    attempt: int
    taken_at: datetime
    ask_at: datetime


def unreported(session: Session, *, at: datetime, limit: int) -> list[SentText]:
    """The texts to ask after, those that have waited longest first."""
    return [SentText(*row) for row in session.execute(_UNTOLD, {"at": at, "most": limit})]


def take_question(session: Session, text: SentText, *, at: datetime) -> bool:
    """Puts the next question off before this one is asked, whatever comes of it. False: it is no longer ours to ask."""
    result: CursorResult[object] = session.execute(  # type: ignore[assignment]
        update(ROW)
        .where(ROW.c.id == text.id, IS_SENT, ROW.c.ask_at == text.ask_at)
        .values(ask_at=next_question(text.taken_at, at))
    )
    return result.rowcount == 1
