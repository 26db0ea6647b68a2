"""Keyed hashes of phones and addresses: they can be looked up but not read back. Pure."""

import hashlib
import hmac
from dataclasses import dataclass

LENGTH = 34
"""In hex digits: two that identify the key, then 128 bits."""


@dataclass(frozen=True)
class ContactKeys:
    """Hashes with the first key, and looks up with any: put a new key in front to rotate, and keep the old ones."""

    keys: tuple[bytes, ...]

    def of(self, contact: str) -> str:
        """The hash to store for this phone (E.164) or address."""
        return _hashed(self.keys[0], contact)

    def all_of(self, contact: str) -> list[str]:
        """Every hash it may have been stored under."""
        return [_hashed(key, contact) for key in self.keys]

    @property
    def names(self) -> list[str]:
        """The prefix of each key's hashes."""
        return [_name(key) for key in self.keys]


def _hashed(key: bytes, contact: str) -> str:
    mac = hmac.digest(key, b"dibs contact" + contact.casefold().encode(), "sha256")
    return _name(key) + mac[: (LENGTH - 2) // 2].hex()


def _name(key: bytes) -> str:
    return hashlib.sha256(b"dibs contact key id" + key).hexdigest()[:2]
