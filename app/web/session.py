"""Who is signed in: flask-login's cookie carries an account's session key, nothing else."""

from flask_login import LoginManager

from app.core.ids import parse_id
from app.extensions import db
from app.people.models import Account
from app.people.service import account_by_session_key


def register(manager: LoginManager) -> None:
    """Teaches flask-login our accounts, and where people sign in."""
    manager.login_view = "web.sign_in"
    manager.login_message = None
    manager.user_loader(_load)


def _load(session_key: str) -> Account | None:
    key = parse_id(session_key)
    return account_by_session_key(db.session(), key) if key else None
