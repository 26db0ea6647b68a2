"""Deliveries: taken one at a time, settled by the endpoint's answer, and queued again by an admin."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from sqlalchemy import CursorResult, Select, func, literal, select, true, update
from sqlalchemy.orm import Session, contains_eager

from app.core.database.columns import table_of
from app.core.database.ids import first_id
from app.webhooks.models import Delivery, Endpoint, OffReason
from app.webhooks.rules import OFF_AFTER, STUCK_AFTER, TOLD_AFTER, DeliveryStatus, next_attempt

S = DeliveryStatus
ROW = table_of(Delivery)
AT_ONCE = 4
"""Requests under way to one endpoint. A limit, so that one that hangs leaves threads for the others."""
GONE = "410"
PAGE = 50


@dataclass(frozen=True)
class Answer:
    """The outcome of one attempt. `code` is the HTTP status, or why there was none."""

    delivered: bool
    code: str
    retry_after: float | None = None


def take(session: Session, *, at: datetime) -> Delivery | None:
    """Takes the delivery that has been due longest, with its event and endpoint; None if nothing is due."""
    due = _due(at).cte("due")
    taken = session.scalar(
        update(ROW)
        .where(ROW.c.id == due.c.id)
        .values(status=S.SENDING, taken_at=at, attempts=ROW.c.attempts + 1)
        .returning(ROW.c.id)
    )
    if taken is None:
        return None
    query = select(Delivery).join(Delivery.event).join(Delivery.endpoint).where(Delivery.id == taken)
    return session.scalars(query.options(contains_eager(Delivery.event), contains_eager(Delivery.endpoint))).one()


def anything_due(session: Session, *, at: datetime) -> bool:
    """Whether `take` would find anything."""
    return session.execute(_due(at).with_only_columns(literal(1))).first() is not None


def _due(at: datetime) -> Select[UUID]:
    """Of the first delivery of each endpoint that has room, the one that has been due longest, locked."""
    on_its_way, waiting = ROW.alias("on_its_way"), ROW.alias("waiting")
    busy = select(func.count()).where(on_its_way.c.endpoint_id == Endpoint.id, on_its_way.c.status == S.SENDING)
    first = (
        select(waiting.c.id, waiting.c.due_at)
        .where(waiting.c.endpoint_id == Endpoint.id, waiting.c.status == S.QUEUED, waiting.c.due_at <= at)
        .order_by(waiting.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
        .lateral("first")
    )
    return (
        select(first.c.id)
        .select_from(Endpoint)
        .join(first, true())
        .where(Endpoint.off_at.is_(None), Endpoint.removed_at.is_(None), busy.scalar_subquery() < AT_ONCE)
        .order_by(first.c.due_at)
        .limit(1)
    )


def settle(session: Session, *, delivery: Delivery, answer: Answer, at: datetime, dice: Random) -> bool:
    """Records the outcome of an attempt. Returns whether the admins should be told that the endpoint fails."""
    is_ours = (ROW.c.id == delivery.id, ROW.c.status == S.SENDING, ROW.c.taken_at == delivery.taken_at)
    again = None if answer.delivered else next_attempt(delivery.attempts, at, dice, answer.retry_after)
    values: dict[str, object] = {"answer": answer.code[:60]}
    if again is not None:
        values |= {"status": S.QUEUED, "due_at": again}
    else:
        values |= {"status": S.DELIVERED if answer.delivered else S.FAILED, "ended_at": at}
    moved: CursorResult[object] = session.execute(update(ROW).where(*is_ours).values(values))  # type: ignore[assignment]
    if moved.rowcount == 0:  # it was queued again meanwhile
        return False
    if answer.delivered:
        _works_again(session, delivery.endpoint_id)
        return False
    return _fails(session, delivery.endpoint_id, answer, at)


def _works_again(session: Session, endpoint_id: UUID) -> None:
    failing = update(Endpoint).where(Endpoint.id == endpoint_id, Endpoint.failing_since.is_not(None))
    session.execute(failing.values(failing_since=None, told_at=None))


def _fails(session: Session, endpoint_id: UUID, answer: Answer, at: datetime) -> bool:
    this = update(Endpoint).where(Endpoint.id == endpoint_id).execution_options(synchronize_session=False)
    session.execute(this.where(Endpoint.failing_since.is_(None)).values(failing_since=at))
    is_on = Endpoint.off_at.is_(None)
    reason = OffReason.GONE if answer.code == GONE else OffReason.FAILING
    too_long = true() if reason is OffReason.GONE else Endpoint.failing_since <= at - OFF_AFTER
    off = this.where(is_on, too_long).values(off_at=at, off_reason=reason, told_at=at).returning(Endpoint.id)
    if session.scalar(off) is not None:
        return True
    for_long = Endpoint.failing_since <= at - TOLD_AFTER
    told = this.where(is_on, Endpoint.told_at.is_(None), for_long).values(told_at=at).returning(Endpoint.id)
    return session.scalar(told) is not None


def recover(session: Session, *, at: datetime) -> int:
    """Queues again what a dead worker had taken. Receivers recognize a repeated event by its id."""
    stuck = update(ROW).where(
        ROW.c.status == S.SENDING,
        ROW.c.taken_at < at - STUCK_AFTER,
    )
    done: CursorResult[object] = session.execute(stuck.values(status=S.QUEUED, due_at=at))  # type: ignore[assignment]
    return done.rowcount


def deliveries_of(
    session: Session, *, endpoint_id: UUID, before: UUID | None = None, status: DeliveryStatus | None = None
) -> list[Delivery]:
    """A page of an endpoint's deliveries with their events, newest first."""
    query = select(Delivery).join(Delivery.event).options(contains_eager(Delivery.event))
    query = query.where(Delivery.endpoint_id == endpoint_id).order_by(Delivery.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(Delivery.id < before)
    if status is not None:
        query = query.where(Delivery.status == status)
    return list(session.scalars(query))


def replay(
    session: Session,
    *,
    endpoint_id: UUID,
    at: datetime,
    delivery_id: UUID | None = None,
    since: datetime | None = None,
) -> int:
    """Queues again one delivery, all since a moment, or all that failed; returns how many. Ids stay the same."""
    ended = update(ROW).where(ROW.c.endpoint_id == endpoint_id, ROW.c.status.in_((S.DELIVERED, S.FAILED)))
    if delivery_id is not None:
        ended = ended.where(ROW.c.id == delivery_id)
    elif since is not None:
        ended = ended.where(ROW.c.id >= first_id(since))
    else:
        ended = ended.where(ROW.c.status == S.FAILED)
    values = {"status": S.QUEUED, "attempts": 0, "due_at": at, "ended_at": None, "taken_at": None}
    done: CursorResult[object] = session.execute(ended.values(values))  # type: ignore[assignment]
    return done.rowcount
