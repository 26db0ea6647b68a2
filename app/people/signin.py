"""Signing in by an emailed link, and API keys for programs."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.people.models import Account, ApiKey, SignInLink

LINK_LIFETIME = timedelta(minutes=30)
KEY_PREFIX = "dibs_"
KEY_BYTES = 32


def make_link(session: Session, *, account: Account, next_path: str | None, at: datetime) -> SignInLink:
    """A link that signs `account` in once, for half an hour. `next_path` must be a path of ours."""
    link = SignInLink(account=account, next_path=next_path, expires_at=at + LINK_LIFETIME)
    session.add(link)
    session.flush()
    return link


def usable_link(session: Session, link_id: UUID, at: datetime) -> SignInLink | None:
    """The link, if it can still be used."""
    query = select(SignInLink).where(SignInLink.id == link_id, SignInLink.used_at.is_(None), SignInLink.expires_at > at)
    return session.scalar(query)


def spend_link(session: Session, link_id: UUID, at: datetime) -> SignInLink | None:
    """Uses the link up and returns it; None when it was used, has expired, or never was. Two taps: one wins."""
    spent = session.execute(
        update(SignInLink)
        .where(SignInLink.id == link_id, SignInLink.used_at.is_(None), SignInLink.expires_at > at)
        .values(used_at=at)
        .returning(SignInLink.id)
    ).scalar()
    return session.get(SignInLink, spent, populate_existing=True) if spent else None


def make_api_key(session: Session, *, name: str) -> str:
    """A new key, shown this once; only its hash is kept."""
    key = KEY_PREFIX + secrets.token_urlsafe(KEY_BYTES)
    session.add(ApiKey(name=name, key_hash=_hash(key)))
    session.flush()
    return key


def find_api_key(session: Session, key: str) -> ApiKey | None:
    """The key's row, unless it is unknown or revoked."""
    return session.scalar(select(ApiKey).where(ApiKey.key_hash == _hash(key), ApiKey.revoked_at.is_(None)))


def _hash(key: str) -> bytes:
    # A random key of 256 bits needs no slow hash: there is nothing to guess.
    return hashlib.sha256(key.encode()).digest()
