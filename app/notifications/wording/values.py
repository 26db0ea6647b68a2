"""What the templates of a message are given: what holds of every kind, and what its kind adds."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.clients.models import Client
from app.core.clock import now
from app.core.language import EN
from app.core.urls import Links
from app.notifications.cast import NOBODY, Players
from app.notifications.channels.rules import Channel
from app.notifications.digest import digest_values
from app.notifications.kinds import Draft, Kind, Sample, Subject
from app.notifications.models import Notification
from app.notifications.wording.compose import push_topic
from app.people.models import Account

NO_TOPIC = "AAAAAAAAAAAAAAAAAAAAAA"


def message_values(
    session: Session, notification: Notification, links: Links, open_offers: Collection[UUID]
) -> dict[str, Any]:
    """The values of this message's templates, read fresh right before it is sent."""
    draft = Draft(session, notification, links, open_offers, now())
    return {
        "arrived": links.arrived(notification.id),
        "tag": push_topic(notification),
        "badge": len(open_offers),
        **(digest_values(draft) or notification.kind.values(draft)),
    }


def sample_values(
    kind: Kind, channel: Channel, *, cast: Players, brand: str, links: Links, at: datetime
) -> dict[str, Any]:
    """The same of people who do not exist, beginning with the brand: for the preview, and for measuring words."""
    return {
        "brand": brand,
        "arrived": links.arrived(NOBODY),
        "tag": str(kind) if kind.subject is not Subject.OFFER else NO_TOPIC,
        "badge": 2,
        **kind.sample(Sample(channel, cast, links, at)),
    }


def language_of(session: Session, notification: Notification) -> str:
    """The language of its reader."""
    if notification.client_id is not None:
        return session.get_one(Client, notification.client_id).language or EN
    agent = session.get_one(Account, notification.account_id).agent
    return agent.language if agent is not None else EN
