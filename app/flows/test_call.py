"""Ring my phone: a call that says who we are and asks for the key 1. Only the key counts: a voicemail answers, too."""

from datetime import datetime
from uuid import UUID

from flask import render_template
from sqlalchemy.orm import Session

from app.core.ground import ground
from app.notify.models import Notification
from app.notify.rules import Channel, Kind, NotificationStatus
from app.notify.service import move
from app.providers.twiml import Voice, menu

ASKED = "asked"
"""Query parameter: how often the key has been asked for."""
NO_KEY = "no_key"
"""Somebody or something picked up, and 1 was not pressed."""
ENDS = {"completed": NO_KEY, "busy": "busy", "no-answer": "no-answer", "failed": "failed", "canceled": "canceled"}
"""The carrier's words for the end of a call, and what a test that ends so failed of."""


def test_call_url(notification_id: UUID, step: str) -> str:
    """Where the carrier asks and reports about the call: `key` or `status`."""
    return ground().link(f"/hooks/twilio/tests/{notification_id}/{step}")


def test_call_twiml(notification_id: UUID, *, asked: int = 1) -> str:
    """What the call says; asked for the first time, it introduces itself. Needs the app being served."""
    said = render_template(f"voice/en/{'test' if asked == 1 else 'test_again'}.txt", brand=ground().settings.brand_name)
    key_url = f"{test_call_url(notification_id, 'key')}?{ASKED}={asked}"
    return menu(" ".join(said.split()), key_url=key_url, voice=Voice())


def find_test_call(session: Session, notification_id: UUID, *, sid: str) -> Notification | None:
    """The test this call is, unless it is another call or no test."""
    found = session.get(Notification, notification_id)
    if found is None or found.kind is not Kind.TEST or found.channel is not Channel.VOICE:
        return None
    return found if found.provider_id in (None, sid) else None


def heard_the_key(session: Session, *, notification_id: UUID, at: datetime) -> None:
    """1 was pressed: calls reach this agent."""
    move(session, notification_id, NotificationStatus.DELIVERED, ended_at=at, error_code=None)


def test_call_ended(session: Session, *, notification_id: UUID, status: str, at: datetime) -> None:
    """The call is over: without the key before, it has reached nobody. Word of a call that goes on changes nothing."""
    code = ENDS.get(status)
    if code is not None:
        move(session, notification_id, NotificationStatus.FAILED, ended_at=at, error_code=code)
