"""Signed links: short tokens that name one row for one purpose, and cannot be made without a key.

A token is base64url of 27 bytes, 36 characters: one byte that says which key signed it, the row's
UUID, and an 80-bit MAC. 80 bits are out of reach for guessing over HTTP, and short enough for an SMS of
one segment. What a link may do, and until when, is in its row.

Programs that make links of text leave out a hyphen or an underscore at the end, and take in the full stop or bracket
that follows. So no token ends in one of the first, and what follows a token is let go.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from uuid import UUID

MAC_BYTES = 10
CODE_DIGITS = 6
TOKEN_BYTES = 1 + 16 + MAC_BYTES
TOKEN_CHARACTERS = TOKEN_BYTES * 4 // 3
TOKEN = re.compile(rf"([A-Za-z0-9_-]{{{TOKEN_CHARACTERS}}})([^A-Za-z0-9].*)?", re.DOTALL)
"""A token, and what a program took for a part of its link."""
LEFT_OUT = (0b111110, 0b111111)
"""The last six bits of what would end in a hyphen or an underscore."""


class Purpose(StrEnum):
    """What a token is for. A token of one purpose is worth nothing for another."""

    OFFER = "offer"
    SIGN_IN = "sign-in"
    SIGN_IN_CODE = "sign-in-code"
    """Of the browser that asked for a link: there the code beside it can be typed."""
    NUMBER_CONFIRM = "number-confirm"
    NUMBER_REVERT = "number-revert"
    UNSUBSCRIBE = "unsubscribe"
    """Of an agent, from mail about offers."""
    CLIENT = "client"
    """Of a referral: its client's page."""
    INVITATION = "invitation"
    """Into a team."""
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
        mac = next(mac for mac in _macs(key, purpose, head) if _ends_well(mac))
        return urlsafe_b64encode(head + mac).decode("ascii")

    def code(self, purpose: Purpose, row_id: UUID) -> str:
        """Six digits that stand for this row's token where it has to be typed; limit the tries."""
        return _code(self.keys[0], purpose, row_id)

    def is_code(self, purpose: Purpose, row_id: UUID, typed: str) -> bool:
        """Whether these are the digits, by any of the keys: one may have come in front since they were sent."""
        codes = [_code(key, purpose, row_id) for key in self.keys]
        return any(hmac.compare_digest(typed.encode(), code.encode()) for code in codes)

    def verify(self, purpose: Purpose, token: str) -> UUID | None:
        """The row id in `token`, or None when it was altered, cut short, or made for something else."""
        raw = _decode(token)
        if raw is None:
            return None
        head, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        for key in self.keys:
            if _key_byte(key) == head[:1] and _is_ours(mac, key, purpose, head):
                return UUID(bytes=head[1:])
        return None


def _decode(token: str) -> bytes | None:
    found = TOKEN.fullmatch(token)
    return urlsafe_b64decode(found[1]) if found else None


def _key_byte(key: bytes) -> bytes:
    return hashlib.sha256(b"dibs key id" + key).digest()[:1]


def _code(key: bytes, purpose: Purpose, row_id: UUID) -> str:
    mac = _mac(key, purpose, b"code" + row_id.bytes)
    return f"{int.from_bytes(mac) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def _is_ours(mac: bytes, key: bytes, purpose: Purpose, head: bytes) -> bool:
    """Links of before may end in a hyphen or an underscore: their MAC is the first there is."""
    for ours in _macs(key, purpose, head):
        if hmac.compare_digest(ours, mac):
            return True
        if _ends_well(ours):
            return False
    return False


def _macs(key: bytes, purpose: Purpose, head: bytes) -> Iterator[bytes]:
    """The first is of the head; each of the others is there for when those before it end badly."""
    yield _mac(key, purpose, head)
    for nth in count(1):
        yield _mac(key, purpose, head + nth.to_bytes())


def _ends_well(mac: bytes) -> bool:
    return mac[-1] & 0b111111 not in LEFT_OUT


def _mac(key: bytes, purpose: Purpose, head: bytes) -> bytes:
    salted = hmac.digest(key, f"dibs link {purpose}".encode(), "sha256")
    return hmac.digest(salted, head, "sha256")[:MAC_BYTES]
