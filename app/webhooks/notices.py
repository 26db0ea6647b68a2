"""The mail to the admins about endpoints that fail."""

from datetime import datetime, timedelta
from typing import TypedDict
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.notifications.channels.rules import Channel
from app.notifications.channels.suppression import Suppression
from app.notifications.kinds import KINDS, Draft, Kind, Sample, Subject
from app.notifications.models import Notification
from app.webhooks.models import Endpoint, OffReason

HOUR = timedelta(hours=1)


class WebhookDownValues(TypedDict):
    """`failing`: each endpoint's host, for how many hours it has failed, and whether it has been turned off."""

    failing: list[tuple[str, int, bool]]
    link: str


def _down(draft: Draft) -> WebhookDownValues:
    return WebhookDownValues(failing=_failing(draft.session, draft.at), link=draft.links.webhooks())


def _failing(session: Session, at: datetime) -> list[tuple[str, int, bool]]:
    query = select(Endpoint).where(Endpoint.failing_since.is_not(None), Endpoint.removed_at.is_(None))
    found = session.scalars(query.order_by(Endpoint.id))
    return [
        (urlsplit(row.url).netloc, (at - row.failing_since) // HOUR, row.off_at is not None)
        for row in found
        if row.failing_since is not None and row.off_reason is not OffReason.ADMIN
    ]


def _why_drop(session: Session, _notification: Notification, at: datetime) -> Suppression | None:
    return None if _failing(session, at) else Suppression.OVER


def _down_sample(sample: Sample) -> WebhookDownValues:
    return WebhookDownValues(failing=[("crm.example", 2, False)], link=sample.links.webhooks())


WEBHOOK_DOWN = KINDS.declare(
    Kind(
        name="webhook_down",
        subject=Subject.ACCOUNT,
        channels=(Channel.EMAIL,),
        title="A webhook fails",
        when="To admins, when an endpoint has failed for an hour, and when it is turned off for it.",
        place=37,
        values=_down,
        sample=_down_sample,
        repeats=True,
        why_drop=_why_drop,
    )
)
