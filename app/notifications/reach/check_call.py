"""Ring my phone: a call that says who we are and asks for the key 1. Only the key counts: a voicemail answers, too."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.notifications.channels.rules import Channel
from app.notifications.models import Notification
from app.notifications.queueing import move
from app.notifications.reach.notices import TEST
from app.notifications.rules import NotificationStatus

NO_KEY = "no_key"
"""Somebody or something picked up, and 1 was not pressed."""
ENDS = {"completed": NO_KEY, "busy": "busy", "no-answer": "no-answer", "failed": "failed", "canceled": "canceled"}
"""The carrier's words for the end of a call, and what a test that ends so failed of."""


def find_check_call(session: Session, notification_id: UUID, *, sid: str) -> Notification | None:
    """The test this call is, unless it is another call or no test."""
    found = session.get(Notification, notification_id)
    if found is None or found.kind is not TEST or found.channel is not Channel.VOICE:
        return None
    return found if found.provider_id in (None, sid) else None


def pass_check(session: Session, *, notification_id: UUID, at: datetime) -> None:
    """1 was pressed: calls reach this agent."""
    move(session, notification_id, NotificationStatus.DELIVERED, ended_at=at, error_code=None)


def check_call_ended(session: Session, *, notification_id: UUID, status: str, at: datetime) -> None:
    """The call is over: without the key before, it has reached nobody. Word of a call that goes on changes nothing."""
    code = ENDS.get(status)
    if code is not None:
        move(session, notification_id, NotificationStatus.FAILED, ended_at=at, error_code=code)
