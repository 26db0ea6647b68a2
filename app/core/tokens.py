"""Signed links: short tokens that name one row for one purpose, and cannot be made without a key.

A token is base64url of 27 bytes, 36 characters: one byte that says which key signed it, the row's
UUID, and an 80-bit MAC. 80 bits are out of reach for guessing over HTTP, and short enough for an SMS of
one segment. What a link may do, and until when, is in its row.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

MAC_BYTES = 10
TOKEN_BYTES = 1 + 16 + MAC_BYTES
TOKEN_CHARACTERS = TOKEN_BYTES * 4 // 3


class Purpose(StrEnum):
    """What a token is for. A token of one purpose is worth nothing for another."""

    OFFER = "offer"
    SIGN_IN = "sign-in"
    NUMBER_CONFIRM = "number-confirm"
    NUMBER_REVERT = "number-revert"
    UNSUBSCRIBE = "unsubscribe"
    """Of an agent, from mail about offers."""
    ARRIVED = "arrived"
    """Of a notification: the device that shows it says so."""


@dataclass(frozen=True)
class TokenSigner:
    """Signs with the first key and verifies with any: put a new key in front to rotate."""

    keys: tuple[bytes, ...]

    def sign(self, purpose: Purpose, row_id: UUID) -> str:
        """The token that opens `row_id` for `purpose`: 36 characters safe in a URL."""
        key = self.keys[0]
        head = _key_byte(key) + row_id.bytes
        return urlsafe_b64encode(head + _mac(key, purpose, head)).decode("ascii")

    def verify(self, purpose: Purpose, token: str) -> UUID | None:
        """The row id in `token`, or None when it was altered, cut short, or made for something else."""
        raw = _decode(token)
        if raw is None:
            return None
        head, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        for key in self.keys:
            if _key_byte(key) == head[:1] and hmac.compare_digest(_mac(key, purpose, head), mac):
                return UUID(bytes=head[1:])
        return None


def _decode(token: str) -> bytes | None:
    if len(token) != TOKEN_CHARACTERS or not token.isascii():
        return None
    try:
        raw = urlsafe_b64decode(token)
    except (Base64Error, ValueError):
        return None
    # b64decode forgives foreign characters by skipping them; a token has exactly one spelling.
    return raw if urlsafe_b64encode(raw).decode("ascii") == token else None


def _key_byte(key: bytes) -> bytes:
    return hashlib.sha256(b"dibs key id" + key).digest()[:1]


def _mac(key: bytes, purpose: Purpose, head: bytes) -> bytes:
    salted = hmac.digest(key, f"dibs link {purpose}".encode(), "sha256")
    return hmac.digest(salted, head, "sha256")[:MAC_BYTES]
