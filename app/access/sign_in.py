"""Signing in by an emailed link or the code beside it, and the browsers that are signed in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from app.access.models import SignedIn, SignInLink
from app.people.models import Account, Agent

LINK_LIFETIME = timedelta(minutes=30)
SESSION_LIFETIME = timedelta(days=90)
ADMIN_LIFETIME = timedelta(hours=12)


def make_link(session: Session, *, account: Account, next_path: str | None, at: datetime) -> SignInLink:
    """A link that signs `account` in once, for half an hour. `next_path` must be a path of ours."""
    link = SignInLink(
        account=account, next_path=next_path, expires_at=at + LINK_LIFETIME, session_key=account.session_key
    )
    session.add(link)
    session.flush()
    return link


def usable_link(session: Session, link_id: UUID, at: datetime) -> SignInLink | None:
    """The link, if it can still be used."""
    return session.scalar(select(SignInLink).where(SignInLink.id == link_id, *_usable(at)))


def spend_link(session: Session, link_id: UUID, at: datetime) -> SignInLink | None:
    """Uses the link up and returns it; None when it was used, has expired, or never was. Two taps: one wins."""
    spent = session.execute(
        update(SignInLink).where(SignInLink.id == link_id, *_usable(at)).values(used_at=at).returning(SignInLink.id)
    ).scalar()
    return session.get(SignInLink, spent, populate_existing=True) if spent else None


def begin_session(
    session: Session, *, account: Account, at: datetime, device: str = "", proven: bool = False
) -> SignedIn:
    """A browser is signed in from now on. `device`: what its owner knows it by. `proven`: by a second factor."""
    signed_in = SignedIn(
        account_id=account.id,
        session_key=account.session_key,
        device=device,
        created_at=at,
        proven_at=at if proven else None,
    )
    session.add(signed_in)
    session.flush()
    return signed_in


def end_session(session: Session, *, signed_in_id: UUID, at: datetime) -> None:
    """That browser is signed out, whatever it still holds."""
    signed_in = session.get(SignedIn, signed_in_id)
    if signed_in is not None and signed_in.ended_at is None:
        signed_in.ended_at = at


def browsers_of(session: Session, *, account_id: UUID, at: datetime) -> Sequence[SignedIn]:
    """The browsers that this account is signed in on, newest first."""
    query = (
        select(SignedIn)
        .join(Account, Account.id == SignedIn.account_id)
        .where(
            SignedIn.account_id == account_id,
            SignedIn.ended_at.is_(None),
            SignedIn.session_key == Account.session_key,
            SignedIn.created_at > at - SESSION_LIFETIME,
        )
    )
    return session.scalars(query.order_by(SignedIn.id.desc())).all()


def end_session_of(session: Session, *, account_id: UUID, signed_in_id: UUID, at: datetime) -> bool:
    """Signs one browser of this account out, and says whether it is one of theirs."""
    signed_in = session.get(SignedIn, signed_in_id)
    if signed_in is None or signed_in.account_id != account_id:
        return False
    end_session(session, signed_in_id=signed_in_id, at=at)
    return True


def end_others(session: Session, *, account_id: UUID, but: UUID | None, at: datetime) -> None:
    """Signs every browser of this account out but one."""
    session.execute(
        update(SignedIn)
        .where(SignedIn.account_id == account_id, SignedIn.id != but, SignedIn.ended_at.is_(None))
        .values(ended_at=at)
        .execution_options(synchronize_session=False)
    )


def account_signed_in(session: Session, *, signed_in_id: UUID, at: datetime) -> Account | None:
    """Whose session this is, while it lasts: an admin's for half a day, an agent's for 90 days."""
    row = session.execute(
        select(Account, SignedIn.created_at, SignedIn.proven_at)
        .join(SignedIn, SignedIn.account_id == Account.id)
        .where(
            SignedIn.id == signed_in_id,
            SignedIn.ended_at.is_(None),
            SignedIn.session_key == Account.session_key,
            SignedIn.created_at > at - SESSION_LIFETIME,
        )
    ).one_or_none()
    if row is None:
        return None
    account, began, proven_at = row
    account.is_proven = proven_at is not None
    return None if account.sees_desk and began <= at - ADMIN_LIFETIME else account


def _usable(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """A link that has not been used, has not expired, and is of the account as it is now, which may sign in."""
    same = exists().where(
        Account.id == SignInLink.account_id,
        SignInLink.session_key.is_(None) | (SignInLink.session_key == Account.session_key),
    )
    left = exists().where(Agent.account_id == SignInLink.account_id, Agent.left_at.is_not(None))
    return (SignInLink.used_at.is_(None), SignInLink.expires_at > at, same, ~left)
