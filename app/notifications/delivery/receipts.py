"""What became of a text, as the carrier tells: kept once, then applied; it may come before our own write, or late."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.database.locks import lock_wait
from app.notifications.models import Notification
from app.notifications.queueing import move, record_receipt
from app.notifications.reach.death import channel_died
from app.notifications.rules import RECEIPTS, NotificationStatus, next_try
from app.providers.fate import Fate
from app.providers.twilio.codes import carrier_code
from app.providers.twilio.message import CarrierMessage

log = structlog.get_logger()

S = NotificationStatus
DICE = Random()


@dataclass(frozen=True)
class Reported:
    """One receipt."""

    sid: str
    status: str
    error_code: str | None
    to: str
    """The phone it went to."""
    attempt: int | None = None
    """Which try it is about; None: the one there was."""


def receive_receipt(session: Session, *, notification: Notification, reported: Reported, at: datetime) -> None:
    """Keeps and applies a receipt; one that had come before changes nothing."""
    if not record_receipt(
        session,
        notification_id=notification.id,
        provider_id=reported.sid,
        status=reported.status,
        error_code=reported.error_code,
        at=at,
    ):
        return
    to = RECEIPTS.get(reported.status)
    is_earlier = reported.attempt not in (None, notification.attempts) or notification.provider_id not in (
        None,
        reported.sid,
    )
    if to is None or (is_earlier and to is not S.DELIVERED):
        return  # of an attempt that was given up
    if to is S.FAILED:
        _failed(session, notification, reported, at)
        return
    ended = {"ended_at": at} if to is S.DELIVERED else {"sent_at": at}
    move(session, notification.id, to, provider_id=reported.sid, error_code=None, **ended)


def apply_answer(session: Session, notification_id: UUID, *, attempt: int, found: CarrierMessage, at: datetime) -> None:
    """What the carrier says when it is asked counts as the receipt that got lost would have. Raises LockTimeout."""
    notification = is_about(session, notification_id)
    if notification is not None:
        reported = Reported(found.sid, found.status, found.error_code, found.to, attempt)
        receive_receipt(session, notification=notification, reported=reported, at=at)


def _failed(session: Session, notification: Notification, reported: Reported, at: datetime) -> None:
    known = carrier_code(reported.error_code)
    log.info("message_undelivered", notification_id=str(notification.id), code=reported.error_code, fate=known.fate)
    if known.fate is Fate.RETRYABLE and _again(session, notification, reported, at):
        return
    values = {"provider_id": reported.sid, "error_code": reported.error_code, "ended_at": at}
    ends = move(session, notification.id, S.FAILED, **values)
    if ends and known.kills is not None and (not known.doubtful or _before_it_too(session, notification, reported.to)):
        code = reported.error_code or reported.status
        channel_died(session, notification_id=notification.id, address=reported.to, why=known.kills, code=code, at=at)


def _before_it_too(session: Session, notification: Notification, phone: str) -> bool:
    """Whether the text before to this phone ended in doubt as well."""
    before = session.execute(
        select(Notification.status, Notification.error_code)
        .where(
            Notification.account_id.is_not_distinct_from(notification.account_id),
            Notification.sent_to == phone,
            Notification.id != notification.id,
            Notification.status.in_((S.DELIVERED, S.FAILED)),
        )
        .order_by(Notification.ended_at.desc())
        .limit(1)
    ).one_or_none()
    return before is not None and before.status is S.FAILED and carrier_code(before.error_code).doubtful


def _again(session: Session, notification: Notification, reported: Reported, at: datetime) -> bool:
    """It certainly did not arrive, and may if tried again: back into the queue, as a new text to the carrier."""
    due = next_try(notification.attempts, at, notification.not_after, DICE)
    if due is None:
        return False
    return move(session, notification.id, S.QUEUED, due_at=due, provider_id=None, error_code=reported.error_code)


def is_about(session: Session, notification_id: UUID) -> Notification | None:
    """The message a receipt is for, locked: two receipts of one message are applied one after the other.

    Raises LockTimeout.
    """
    with lock_wait(session):
        return session.get(Notification, notification_id, with_for_update={"key_share": True}, populate_existing=True)
