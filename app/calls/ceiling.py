"""How many calls and texts there were when they reached their ceiling, and who had most of them."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calls.models import Call, Direction
from app.core.database.ids import first_id
from app.notifications.channels.rules import Channel
from app.notifications.models import Notification
from app.people.models import Agent

CEILING = "ceiling"
"""Why a call or a text was not sent; and the kind of the mail to the admins about it, declared in notices.py."""
LATELY = timedelta(hours=1)
MOST_NAMED = 5


def lately(session: Session, at: datetime) -> tuple[int, int, list[tuple[str, int]]]:
    """Of the hour before: calls to agents, texts, and the agents who had most of the calls."""
    since = first_id(at - LATELY)
    ours = (Call.id >= since, Call.direction == Direction.OUTBOUND)
    calls = session.scalar(select(func.count()).where(*ours)) or 0
    texts = session.scalar(select(func.count()).where(Notification.id >= since, Notification.channel == Channel.SMS))
    count = func.count()
    most = session.execute(
        select(Agent.name, count)
        .join(Call, Call.agent_id == Agent.id)
        .where(*ours)
        .group_by(Agent.id)
        .order_by(count.desc(), Agent.id)
        .limit(MOST_NAMED)
    )
    return calls, texts or 0, [(name, calls_of_one) for name, calls_of_one in most]
