"""API keys: making one, finding the one a request carries, and revoking one."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import ApiKey

KEY_PREFIX = "dibs_"
KEY_BYTES = 32


def make_api_key(session: Session, *, name: str) -> str:
    """A new key, shown this once; only its hash is kept."""
    key = KEY_PREFIX + secrets.token_urlsafe(KEY_BYTES)
    session.add(ApiKey(name=name, key_hash=_hash(key)))
    session.flush()
    return key


def find_api_key(session: Session, key: str) -> ApiKey | None:
    """The key's row, unless it is unknown or revoked."""
    return session.scalar(select(ApiKey).where(ApiKey.key_hash == _hash(key), ApiKey.revoked_at.is_(None)))


def revoke_api_key(session: Session, *, key_id: UUID, at: datetime) -> bool:
    """Whether there was such a key, and it was still good."""
    key = session.get(ApiKey, key_id)
    if key is None or key.revoked_at is not None:
        return False
    key.revoked_at = at
    return True


def _hash(key: str) -> bytes:
    # A random key of 256 bits needs no slow hash: there is nothing to guess.
    return hashlib.sha256(key.encode()).digest()
