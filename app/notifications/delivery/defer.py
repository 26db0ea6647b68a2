"""Messages that are wanted and have to wait: for the end of quiet hours, or until a decline can no longer be undone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from psycopg.errors import LockNotAvailable
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.database.locks import for_update
from app.notifications.channels.states import channel_states
from app.notifications.channels.suppression import Suppression
from app.notifications.delivery.facts import Facts
from app.notifications.delivery.recheck import deferral
from app.notifications.models import Notification
from app.notifications.queueing import end_attempt
from app.notifications.rules import NotificationStatus
from app.people.service import lock_agents

log = structlog.get_logger()

S = NotificationStatus


def defer(session: Session, *, waiting: Sequence[Notification], facts: Facts, at: datetime) -> None:
    """Back to wait, which was no attempt; what would wait for too long is dropped.

    Their agents' wishes are read once more, under the lock that a change of them holds: else one made at this moment
    would not see these rows waiting, nor these rows it. Where that lock is not to be had they stay taken, and are
    brought back as if their worker had died.
    """
    if not waiting:
        return
    try:
        with session.begin_nested():
            facts = _read_anew(session, waiting, facts)
            for notification in waiting:
                _defer(session, notification, facts, at)
    except OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise
        log.warning("messages_not_deferred", count=len(waiting))


def _read_anew(session: Session, waiting: Sequence[Notification], facts: Facts) -> Facts:
    ids = [notification.id for notification in waiting]
    query = select(Notification.id).where(Notification.id.in_(ids)).order_by(Notification.id)
    session.execute(for_update(query, of=Notification)).all()
    found = [facts.agent_of(notification) for notification in waiting]
    agents = {agent.id for agent in found if agent is not None}
    lock_agents(session, list(agents))
    return replace(facts, channels={**facts.channels, **channel_states(session, list(agents))})


def _defer(session: Session, notification: Notification, facts: Facts, at: datetime) -> None:
    waits = deferral(session, notification, facts, at)
    until = waits.until if waits is not None else at
    if notification.not_after is None or until < notification.not_after:
        end_attempt(
            session, notification.id, S.QUEUED, attempt=notification.attempts,
            due_at=until, attempts=notification.attempts - 1, error_code=None,
        )  # fmt: skip
        return
    code = waits.too_late if waits is not None else Suppression.QUIET_HOURS
    end_attempt(session, notification.id, S.DROPPED, attempt=notification.attempts, ended_at=at, error_code=code)
