"""Somebody wants to sign in: a link goes to their address, if it is one of ours."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.notify.rules import Channel, Kind
from app.notify.service import queue_notification
from app.people.service import find_account
from app.people.signin import make_link


def ask_sign_in(session: Session, *, email: str, next_path: str | None, at: datetime) -> UUID | None:
    """Queues the mail and returns its id; None when nobody has this address."""
    account = find_account(session, email=email)
    if account is None:
        return None
    link = make_link(session, account=account, next_path=next_path, at=at)
    return queue_notification(
        session,
        account_id=account.id,
        kind=Kind.SIGN_IN,
        channel=Channel.EMAIL,
        at=at,
        sign_in_link_id=link.id,
        not_after=link.expires_at,
    )
