"""The key by which push services know this network (VAPID, RFC 8292): base64url of 32 bytes, as in the settings."""

import base64
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEY_BYTES = 32


def new_private_key() -> str:
    """A fresh one, for VAPID_PRIVATE_KEY."""
    number = generate_private_key(SECP256R1()).private_numbers().private_value
    return _encode(number.to_bytes(KEY_BYTES))


@lru_cache(maxsize=4)
def public_key(private_key: str) -> str:
    """What browsers subscribe with: `applicationServerKey`, an uncompressed point of 65 bytes in base64url."""
    number = int.from_bytes(base64.urlsafe_b64decode(private_key + "=" * (-len(private_key) % 4)))
    point = derive_private_key(number, SECP256R1()).public_key()
    return _encode(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
