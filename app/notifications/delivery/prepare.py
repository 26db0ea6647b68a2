"""From rows that were taken to messages that can be sent: looked at again, and worded, with few queries for all.

Nobody is told about a referral that is gone, on a channel that is off, or too late: such rows are dropped here,
right before they would have been sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.clients.gate import Gate
from app.notifications.channels.rules import Channel
from app.notifications.channels.suppression import Suppression
from app.notifications.delivery.defer import defer
from app.notifications.delivery.facts import Facts, read_facts
from app.notifications.delivery.recheck import deferral, reason_to_drop
from app.notifications.delivery.request import Letterhead, Request, request_for
from app.notifications.delivery.to_client import ask_to_send
from app.notifications.kinds import Kind
from app.notifications.models import Notification
from app.notifications.queueing import end_attempt, remember_words, words_hash
from app.notifications.rules import NotificationStatus
from app.providers.twilio.message import SendText
from app.providers.webpush.message import Push

log = structlog.get_logger()

S = NotificationStatus
LOOK_AGAIN = timedelta(minutes=1)
"""The soonest that a message which comes at the wrong hour is looked at again."""


@dataclass(frozen=True)
class Outgoing:
    """A message taken and worded; no session is needed to send it."""

    id: UUID
    kind: Kind
    channel: Channel
    attempts: int
    ready_at: datetime
    not_after: datetime | None
    request: Request

    @property
    def address(self) -> str:
        """The phone, mailbox or endpoint it goes to."""
        return self.request.endpoint if isinstance(self.request, Push) else self.request.to


def prepare(session: Session, *, taken: Sequence[Notification], letterhead: Letterhead, at: datetime) -> list[Outgoing]:
    """The messages that may go out now; what is not wanted any more is dropped, and what has to wait goes back to it.

    One that cannot be worded fails alone.
    """
    facts = read_facts(session, taken, at)
    ready: list[Outgoing] = []
    waiting: list[Notification] = []
    for notification in taken:
        try:
            if _was_dropped(session, notification, facts, at):
                continue
            if notification.kind.to_client and not _gate_lets(session, notification, letterhead.gate, at):
                continue
            if deferral(session, notification, facts, at) is not None:
                waiting.append(notification)
                continue
            request = request_for(session, notification, facts, letterhead, at)
        except DBAPIError:
            raise
        except Exception as error:
            # A mistake in one must not hold up the others. No traceback: it would quote what the message says.
            log.error(
                "message_not_worded", notification_id=str(notification.id), kind=notification.kind.name,
                error=type(error).__name__,
            )  # fmt: skip
            _settle(session, notification, S.FAILED, ended_at=at, error_code="not-worded")
            continue
        if isinstance(request, SendText):
            remember_words(session, notification.id, sent_to=request.to, words_hash=words_hash(request.body), at=at)
        ready.append(
            Outgoing(
                notification.id, notification.kind, notification.channel, notification.attempts, at,
                notification.not_after, request,
            )
        )  # fmt: skip
    defer(session, waiting=waiting, facts=facts, at=at)  # last: it locks agents, and those come after messages
    return ready


def _settle(session: Session, notification: Notification, to: NotificationStatus, **values: object) -> None:
    end_attempt(session, notification.id, to, attempt=notification.attempts, **values)


def _gate_lets(session: Session, notification: Notification, gate: Gate, at: datetime) -> bool:
    """Whether the client may have it now. If only the hour is wrong, it waits; else it is dropped."""
    answer = ask_to_send(session, notification, gate, at)
    until = answer.not_before
    if until is not None and (notification.not_after is None or until < notification.not_after):
        due_at = max(until, at + LOOK_AGAIN)
        _settle(session, notification, S.QUEUED, due_at=due_at, attempts=notification.attempts - 1)
    elif not answer.allowed:
        _settle(session, notification, S.DROPPED, ended_at=at, error_code=answer.main)
    return answer.allowed


def _was_dropped(session: Session, notification: Notification, facts: Facts, at: datetime) -> bool:
    """Drops it unless it is still wanted, now."""
    why = reason_to_drop(session, notification, facts, at)
    if why is not None:
        code = None if why is Suppression.OVER else why.value
        _settle(session, notification, S.DROPPED, ended_at=at, error_code=code)
    return why is not None
