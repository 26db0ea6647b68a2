"""Taking what is due, as much as there is room for. Every row taken is ours alone: the row decides who sends.

One statement for all channels, built once: each worker runs it all day long.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, bindparam, exists, literal, select, union_all, update
from sqlalchemy.orm import Session

from app.core.database.columns import table_of
from app.notifications.channels.rules import Channel
from app.notifications.kinds import Kind
from app.notifications.models import Notification
from app.notifications.rules import SENDING_STUCK_AFTER, NotificationStatus

S = NotificationStatus
ROW = table_of(Notification)
Room = Mapping[Channel, int]
"""How many messages of each channel the taker can send now."""


def _due(channel: Channel) -> CTE:
    """What is awaited first, then the oldest. A row that somebody is at, a claim or another worker, is left alone."""
    query = (
        select(ROW.c.id)
        .where(
            ROW.c.channel == literal(channel, ROW.c.channel.type, literal_execute=True),
            ROW.c.status == literal(S.QUEUED, ROW.c.status.type, literal_execute=True),
            ROW.c.due_at <= bindparam("at"),
        )
        .order_by(ROW.c.awaited.desc(), ROW.c.due_at)
        .limit(bindparam(f"room_{channel}"))
        .with_for_update(skip_locked=True, key_share=True)
    )
    return query.cte(f"due_{channel}")


_TAKE = (
    update(Notification)
    .where(ROW.c.id.in_(union_all(*(select(_due(channel).c.id) for channel in Channel))))
    .values(
        status=S.SENDING,
        taken_at=bindparam("now", type_=ROW.c.taken_at.type),
        attempts=Notification.attempts + 1,
        words_hash=None,
    )
    .returning(Notification)
    .execution_options(synchronize_session=False)
)
_ANY = select(
    exists().where(
        ROW.c.status == literal(S.QUEUED, ROW.c.status.type, literal_execute=True),
        ROW.c.due_at <= bindparam("at"),
    )
)


def take_due(session: Session, *, room: Room, at: datetime) -> list[Notification]:
    """Takes what is due, at most as many of each channel as `room` says: what is awaited first, then the oldest."""
    wanted: dict[str, Any] = {f"room_{channel}": room.get(channel, 0) for channel in Channel}
    taken = session.scalars(_TAKE, {**wanted, "at": at, "now": at}).all()
    return sorted(taken, key=lambda row: (not row.awaited, row.due_at, row.id))


def let_go(
    session: Session, *, account_id: UUID, channel: Channel, kinds: Collection[Kind], due_at: datetime
) -> list[UUID]:
    """What waits for later than `due_at`, and not to be tried again, waits until then; the ids.

    Waits for nobody: who has one of these rows just now is dropping it, or deferring it under its agent's lock.
    """
    waiting = (
        select(ROW.c.id)
        .where(
            ROW.c.account_id == account_id,
            ROW.c.channel == channel,
            ROW.c.kind.in_(kinds),
            ROW.c.status == S.QUEUED,
            ROW.c.due_at > due_at,
            ROW.c.error_code.is_(None),
        )
        .with_for_update(skip_locked=True, key_share=True)
    )
    return list(session.scalars(update(ROW).where(ROW.c.id.in_(waiting)).values(due_at=due_at).returning(ROW.c.id)))


def anything_due(session: Session, *, at: datetime) -> bool:
    """Whether something is waiting whose time had come at `at`."""
    return bool(session.scalar(_ANY, {"at": at}))


def stuck(session: Session, *, at: datetime, limit: int = 100) -> list[Notification]:
    """Rows whose sender must be dead; of those that were looked at and left, whose `due_at` has come. Texts last."""
    query = (
        select(Notification)
        .where(
            Notification.status == S.SENDING,
            Notification.taken_at < at - SENDING_STUCK_AFTER,
            Notification.due_at <= at,
        )
        .order_by(Notification.channel == Channel.SMS, Notification.taken_at)
        .limit(limit)
    )
    return list(session.scalars(query))
