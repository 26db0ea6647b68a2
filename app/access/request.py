"""Somebody wants to sign in: a link and a code go to their address, or the code to their phone, if they are ours."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.models import SignInLink
from app.access.notices import SIGN_IN
from app.access.sign_in import make_link, usable_link
from app.core.database.ids import new_id
from app.core.queue.outbox import Outbox
from app.notifications.channels.rules import Channel
from app.notifications.queueing import queue_notification
from app.people.accounts import find_account
from app.people.models import Account


@dataclass(frozen=True)
class Asked:
    """A link was asked for. For an address that nobody here has it is made up, and reads the same."""

    link_id: UUID
    outbox: Outbox


def request_sign_in(session: Session, *, email: str, next_path: str | None, at: datetime) -> Asked:
    """Queues the mail, if this is the address of somebody who may sign in."""
    account = find_account(session, email=email)
    if account is None or (account.agent is not None and account.agent.left_at is not None):
        return Asked(new_id(), Outbox())
    return request_code(session, account=account, channel=Channel.EMAIL, next_path=next_path, at=at)


def request_code(session: Session, *, account: Account, channel: Channel, next_path: str | None, at: datetime) -> Asked:
    """Queues a new link with its code by mail, or the code alone as a text to the agent's own phone."""
    link = make_link(session, account=account, next_path=next_path, at=at)
    return Asked(link.id, _queued(session, link, channel, at))


def text_code(session: Session, *, link_id: UUID, at: datetime) -> Outbox:
    """Queues the code of a link that was mailed as a text, too; nothing for an account that has no phone."""
    link = usable_link(session, link_id, at)
    return Outbox() if link is None or link.account.agent is None else _queued(session, link, Channel.SMS, at)


def _queued(session: Session, link: SignInLink, channel: Channel, at: datetime) -> Outbox:
    notification_id = queue_notification(
        session,
        account_id=link.account.id,
        kind=SIGN_IN,
        channel=channel,
        at=at,
        sign_in_link_id=link.id,
        not_after=link.expires_at,
    )
    return Outbox(notifications=(notification_id,) if notification_id else ())
