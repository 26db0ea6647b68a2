"""Who is signed in: the signed cookie carries the id of a row about this browser, nothing else."""

from datetime import datetime
from functools import cached_property

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, current_user, login_user, logout_user
from itsdangerous import URLSafeTimedSerializer

from app.access.sign_in import account_signed_in, begin_session, end_session
from app.core.actor import ACTOR, Actor, Via
from app.core.clock import now
from app.core.database.ids import parse_id
from app.extensions import db
from app.http.devices import device_name
from app.people.models import Account


class SignedCookie(SecureCookieSessionInterface):
    """Flask's own, for one app: a request that brings no session, as polls and webhooks do, pays nothing for it."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @cached_property
    def _serializer(self) -> URLSafeTimedSerializer | None:
        return super().get_signing_serializer(self._app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Made once: the keys of a running app stay."""
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Empty without a look for it where there is no cookie at all."""
        if "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing to set, and nothing to remove, for one that was empty and stayed so."""
        if session or session.modified:
            super().save_session(app, session, response)
        elif session.accessed:
            response.vary.add("Cookie")


def register(manager: LoginManager) -> None:
    """Teaches flask-login our accounts, and where people sign in."""
    manager.login_view = "web.sign_in"
    manager.login_message = None
    manager.user_loader(_load)


def sign_in(account: Account, at: datetime, *, proven: bool = False) -> None:
    """This browser is the account's from now on; `proven` by a second factor. The caller commits."""
    session.clear()  # nothing of whoever was here before
    session.permanent = True
    device = device_name(request.headers.get("User-Agent", ""))
    account.signed_in_id = begin_session(db.session(), account=account, at=at, device=device, proven=proven).id
    _is_at_work(account)
    login_user(account)


def sign_out(at: datetime) -> None:
    """Nor does a copy of its cookie sign anybody in any more. The caller commits."""
    if current_user.is_authenticated:
        end_session(db.session(), signed_in_id=current_user.signed_in_id, at=at)
    logout_user()
    session.clear()


def _load(raw: str) -> Account | None:
    signed_in_id = parse_id(raw)
    if signed_in_id is None:
        return None
    account = account_signed_in(db.session(), signed_in_id=signed_in_id, at=now())
    if account is not None:
        account.signed_in_id = signed_in_id
        _is_at_work(account)
    return account


def _is_at_work(account: Account) -> None:
    g.account_id = account.id  # for the log
    ACTOR.set(Actor(Via.PAGES, account_id=account.id))
