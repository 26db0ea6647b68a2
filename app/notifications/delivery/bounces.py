"""A mail came back. The server that took it from us has found out later that it cannot be delivered."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.notifications.channels.rules import Channel
from app.notifications.models import Notification
from app.notifications.queueing import move, record_receipt
from app.notifications.reach.death import channel_died
from app.notifications.rules import NotificationStatus
from app.providers.smtp.codes import mail_code
from app.providers.smtp.reports import Bounce

log = structlog.get_logger()


def is_ours(session: Session, ids: Sequence[UUID]) -> bool:
    """Whether one of these is a mail of ours, so that a report that quotes it is worth reading."""
    query = select(Notification.id).where(Notification.id.in_(ids), Notification.channel == Channel.EMAIL)
    return session.scalar(query.limit(1)) is not None


def receive_bounce(session: Session, *, bounce: Bounce, at: datetime) -> bool:
    """Keeps and applies a report; False when it is about no mail of ours. One that had come before changes nothing."""
    notification = session.get(
        Notification, bounce.notification_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if notification is None or notification.channel is not Channel.EMAIL:
        return False
    fresh = record_receipt(
        session,
        notification_id=notification.id,
        provider_id=f"bounce {notification.id}",
        status="bounced" if bounce.permanent else "delayed",
        error_code=bounce.status,
        at=at,
    )
    if not fresh or not bounce.permanent:
        return True
    move(session, notification.id, NotificationStatus.FAILED, error_code=bounce.status, ended_at=at)
    log.info("mail_bounced", notification_id=str(notification.id), code=bounce.status)
    kills = mail_code(bounce.status).kills
    for address in bounce.addresses if kills is not None else ():
        channel_died(
            session, notification_id=notification.id, address=address, why=kills or "", code=bounce.status, at=at
        )
    return True
