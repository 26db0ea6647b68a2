"""Word to the admins that calls or texts have reached their ceiling, and who had most of them."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calls.models import Call
from app.core.database.ids import first_id
from app.core.queue.outbox import Outbox
from app.notifications.channels.rules import Channel
from app.notifications.models import Notification
from app.notifications.queueing import queue_notification
from app.people.accounts import admins
from app.people.models import Agent

CEILING = "ceiling"
"""The kind of its message, declared in notices.py."""
LATELY = timedelta(hours=1)
MOST_NAMED = 5


def tell_admins(session: Session, *, at: datetime) -> Outbox:
    """Queues a mail to each admin."""
    told = [
        queue_notification(session, account_id=account.id, kind=CEILING, channel=Channel.EMAIL, at=at)
        for account in admins(session)
    ]
    return Outbox(notifications=tuple(id_ for id_ in told if id_ is not None))


def lately(session: Session, at: datetime) -> tuple[int, int, list[tuple[str, int]]]:
    """Of the hour before: calls to agents, texts, and the agents who had most of the calls."""
    since = first_id(at - LATELY)
    calls = session.scalar(select(func.count()).where(Call.id >= since)) or 0
    texts = session.scalar(select(func.count()).where(Notification.id >= since, Notification.channel == Channel.SMS))
    count = func.count()
    most = session.execute(
        select(Agent.name, count)
        .join(Call, Call.agent_id == Agent.id)
        .where(Call.id >= since)
        .group_by(Agent.id)
        .order_by(count.desc(), Agent.id)
        .limit(MOST_NAMED)
    )
    return calls, texts or 0, [(name, calls_of_one) for name, calls_of_one in most]
