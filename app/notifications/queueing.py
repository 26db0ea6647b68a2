"""Queuing, taking and ending notifications. Every move is a conditional UPDATE: the row decides who sends."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, CursorResult, String, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from app.core.database.columns import table_of
from app.core.database.ids import new_id
from app.notifications.channels.rules import Channel
from app.notifications.kinds import KINDS, Kind
from app.notifications.models import Notification, Receipt
from app.notifications.rules import FIRST_QUESTION_AFTER, TRANSITIONS, NotificationStatus

S = NotificationStatus

ROW = table_of(Notification)
NOW: BindParameter[datetime] = bindparam("now", type_=ROW.c.created_at.type)
_WORDS = (
    update(ROW)
    .where(ROW.c.id == bindparam("row_id"))
    .values(
        sent_to=bindparam("phone", type_=String()),
        words_hash=bindparam("hash", type_=String()),
        ask_at=bindparam("ask", type_=ROW.c.ask_at.type),
    )
)
_SENT = (
    update(ROW)
    .where(ROW.c.id == bindparam("row_id"), ROW.c.status == S.SENDING, ROW.c.attempts == bindparam("attempt"))
    .values(status=S.SENT, provider_id=bindparam("provider", type_=String()), sent_at=NOW, error_code=None)
)


def queue_notification(
    session: Session,
    *,
    kind: Kind | str,
    channel: Channel,
    at: datetime,
    account_id: UUID | None = None,
    client_id: UUID | None = None,
    offer_id: UUID | None = None,
    referral_id: UUID | None = None,
    sign_in_link_id: UUID | None = None,
    number_change_id: UUID | None = None,
    push_subscription_id: UUID | None = None,
    not_after: datetime | None = None,
    due_at: datetime | None = None,
) -> UUID | None:
    """Queues one message to an account or a client, for now or for `due_at`.

    None: its subject has one of this kind there already.
    """
    row = {
        "id": new_id(),
        "account_id": account_id,
        "client_id": client_id,
        "offer_id": offer_id,
        "referral_id": referral_id,
        "sign_in_link_id": sign_in_link_id,
        "number_change_id": number_change_id,
        "push_subscription_id": push_subscription_id,
        "kind": KINDS[str(kind)],
        "channel": channel,
        "status": S.QUEUED,
        "attempts": 0,
        "due_at": due_at or at,
        "not_after": not_after,
        "created_at": at,
    }
    query = pg_insert(Notification).values(row).on_conflict_do_nothing().returning(Notification.id)
    return session.scalar(query)


def mark_sent(session: Session, notification_id: UUID, *, attempt: int, provider_id: str | None, at: datetime) -> bool:
    """The provider took it; a row that a receipt has moved on already, or another attempt, stays where it is."""
    values = {"row_id": notification_id, "attempt": attempt, "provider": provider_id, "now": at}
    result: CursorResult[object] = session.execute(_SENT, values)  # type: ignore[assignment]
    return result.rowcount == 1


def end_attempt(
    session: Session, notification_id: UUID, to: NotificationStatus, *, attempt: int, **values: object
) -> bool:
    """Moves a row that is being sent, if it is still this attempt that sends it; whether it did."""
    result: CursorResult[object] = session.execute(  # type: ignore[assignment]
        update(Notification)
        .where(
            Notification.id == notification_id,
            Notification.status == S.SENDING,
            Notification.attempts == attempt,
        )
        .values(status=to, **values)
        .execution_options(synchronize_session=False)
    )
    return result.rowcount == 1


def remember_words(session: Session, notification_id: UUID, *, sent_to: str, words_hash: str, at: datetime) -> None:
    """What a text is found by at the carrier, should its answer be lost, and when it is asked after."""
    ask = at + FIRST_QUESTION_AFTER
    session.execute(_WORDS, {"row_id": notification_id, "phone": sent_to, "hash": words_hash, "ask": ask})


def move(session: Session, notification_id: UUID, to: NotificationStatus, **values: object) -> bool:
    """Moves a row to `to` if its present state allows; whether it did."""
    result: CursorResult[object] = session.execute(  # type: ignore[assignment]
        update(Notification)
        .where(Notification.id == notification_id, TRANSITIONS.guard(Notification.status, to))
        .values(status=to, **values)
        .execution_options(synchronize_session=False)
    )
    return result.rowcount == 1


def known_at_provider(session: Session, channel: Channel, provider_ids: Sequence[str]) -> set[str]:
    """Which of the provider's ids belong to a message of ours already, in this attempt or one before."""
    ours = select(Notification.provider_id).where(
        Notification.channel == channel, Notification.provider_id.in_(provider_ids)
    )
    before = select(Receipt.provider_id).where(Receipt.provider_id.in_(provider_ids))
    return set(session.scalars(ours.union(before))) - {None}  # type: ignore[return-value]


def record_receipt(
    session: Session,
    *,
    notification_id: UUID,
    provider_id: str,
    status: str,
    error_code: str | None,
    at: datetime,
) -> bool:
    """Keeps a receipt once; False when it had come before."""
    fresh = session.scalar(
        pg_insert(Receipt)
        .values(
            id=new_id(), notification_id=notification_id, provider_id=provider_id, status=status,
            error_code=error_code, received_at=at,
        )
        .on_conflict_do_nothing()
        .returning(Receipt.id)
    )  # fmt: skip
    return fresh is not None


def words_hash(body: str) -> str:
    """By which a text is known again: SHA-256 in hex."""
    return hashlib.sha256(body.encode()).hexdigest()
