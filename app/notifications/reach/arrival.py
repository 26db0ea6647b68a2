"""A message tells by itself that it has arrived."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.notifications.channels.rules import Channel
from app.notifications.models import Notification
from app.notifications.queueing import move
from app.notifications.reach.notices import TEST
from app.notifications.rules import NotificationStatus


def arrival_of(session: Session, notification_id: UUID) -> Notification | None:
    """The message, if it is one that can say so: any push, or a test that is read."""
    found = session.get(Notification, notification_id)
    if found is None or found.channel is Channel.VOICE:
        return None
    return found if found.channel is Channel.PUSH or found.kind is TEST else None


def mark_arrived(session: Session, *, message: Notification, at: datetime) -> None:
    """Delivered, whatever its provider has told so far; what had failed or arrived before stays as it is."""
    move(session, message.id, NotificationStatus.DELIVERED, ended_at=at, error_code=None)
