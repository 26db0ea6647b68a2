"""Who is signed in: flask-login's cookie carries an account's session key, nothing else."""

from functools import cached_property

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager
from itsdangerous import URLSafeTimedSerializer

from app.core.ids import parse_id
from app.extensions import db
from app.people.models import Account
from app.people.service import account_by_session_key


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


def _load(session_key: str) -> Account | None:
    key = parse_id(session_key)
    return account_by_session_key(db.session(), key) if key else None
