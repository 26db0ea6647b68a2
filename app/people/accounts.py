"""Accounts: what signs in. Who runs the network, and who is of it no more."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.database.ids import new_id
from app.core.errors import NotFound
from app.people.models import Account, Agent


def find_account(session: Session, *, email: str) -> Account | None:
    """The account with this email address, however it is capitalised."""
    return session.scalar(select(Account).where(func.lower(Account.email) == email.lower()))


def sign_out_everywhere(account: Account) -> None:
    """Ends every session of this account, and makes every link to sign in worthless: others may hold them."""
    account.session_key = new_id()


def add_admin(session: Session, *, email: str) -> Account:
    """Makes the account with this address an admin, and the account if there is none."""
    return _at_desk(session, email, is_admin=True)


def add_viewer(session: Session, *, email: str) -> Account:
    """Makes the account with this address a viewer, and the account if there is none."""
    return _at_desk(session, email, is_admin=False)


def _at_desk(session: Session, email: str, *, is_admin: bool) -> Account:
    account = find_account(session, email=email)
    if account is None:
        account = Account(email=email)
        session.add(account)
    if (account.is_admin, account.is_viewer) != (is_admin, not is_admin):
        account.is_admin, account.is_viewer = is_admin, not is_admin
        sign_out_everywhere(account)
    session.flush()
    return account


def people_at_desk(session: Session) -> list[Account]:
    """Admins, then viewers, by address."""
    query = select(Account).where(Account.is_admin | Account.is_viewer)
    return list(session.scalars(query.order_by(Account.is_admin.desc(), func.lower(Account.email))))


def remove_admin(session: Session, *, email: str) -> Account:
    """Makes an admin or a viewer neither; they are signed out. Raises NotFound."""
    account = find_account(session, email=email)
    if account is None or not account.sees_desk:
        raise NotFound
    account.is_admin = account.is_viewer = False
    sign_out_everywhere(account)
    session.flush()
    return account


def leave_network(session: Session, *, email: str, at: datetime) -> Agent:
    """An agent who has left: never offered anything again, and signed out for good. Raises NotFound."""
    account = find_account(session, email=email)
    if account is None or account.agent is None:
        raise NotFound
    agent = account.agent
    agent.left_at = agent.paused_at = at
    sign_out_everywhere(account)
    session.flush()
    return agent


def admins(session: Session) -> list[Account]:
    """Everybody who runs the network."""
    return list(session.scalars(select(Account).where(Account.is_admin).order_by(Account.id)))
