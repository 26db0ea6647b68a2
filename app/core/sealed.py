"""Text that passes through a URL, and so through other people's logs, sealed so that only our keys can read it."""

import base64
from collections.abc import Sequence
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Sealer:
    """Seals with the first key, and opens with any: put a new key in front to rotate."""

    def __init__(self, keys: Sequence[bytes], lifetime: timedelta) -> None:
        self._fernet = MultiFernet([_fernet(key) for key in keys])
        self._seconds = int(lifetime.total_seconds())

    def seal(self, words: str) -> str:
        """Safe in a URL; different each time."""
        return self._fernet.encrypt(words.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """What was sealed; None if it was not sealed by us, was altered, or has expired."""
        try:
            return self._fernet.decrypt(sealed, ttl=self._seconds).decode()
        except (InvalidToken, ValueError):  # ValueError: not ASCII
            return None


def _fernet(key: bytes) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"sealed").derive(key)
    return Fernet(base64.urlsafe_b64encode(derived))
