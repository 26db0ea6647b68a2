"""Browsers that have subscribed to push messages, and what they got."""

import base64
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEY_BYTES, AUTH_BYTES = 32, 16
SALT_AND_SIZE = 20
"""Octets before the length of the sender's key: a salt of 16, the record size of 4. RFC 8188, section 2.1"""


class Undecipherable(Exception):
    """A browser drops such a message, and tells nobody."""


@dataclass
class Browser:
    """A browser with keys of its own. `account` is the number or the label of the handset it runs on, if any."""

    id: str
    private_key: str
    auth: str
    label: str = ""
    account: str = ""
    application_server_key: str = ""
    """The one key whose owner may send to it; empty: any."""
    shows: bool = True
    """Whether its service worker runs here: a real browser elsewhere shows what came, and says so itself."""
    gone: int | None = None
    """The status that answers every push, once the subscription is over: 404 or 410."""

    @cached_property
    def p256dh(self) -> str:
        """Its public key, as a subscription shows it."""
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return encode(point)

    def subscription(self, origin: str) -> dict[str, Any]:
        """PushSubscription.toJSON(). https://www.w3.org/TR/push-api/#dom-pushsubscription-tojson"""
        keys = {"p256dh": self.p256dh, "auth": self.auth}
        return {"endpoint": f"{origin}/push/{self.id}", "expirationTime": None, "keys": keys}

    def decrypt(self, body: bytes) -> str:
        """The message in an aes128gcm body, by RFC 8291. Raises Undecipherable."""
        if len(body) <= SALT_AND_SIZE:
            raise Undecipherable("it is shorter than its header")
        record = len(body) - SALT_AND_SIZE - 1 - body[SALT_AND_SIZE]
        if record >= int.from_bytes(body[16:SALT_AND_SIZE]):
            raise Undecipherable("it is more than one record")
        try:
            clear: bytes = http_ece.decrypt(body, private_key=self._key, auth_secret=decode(self.auth))
            return clear.decode()
        except (http_ece.ECEException, ValueError) as error:
            raise Undecipherable(f"it is not for this browser ({error})") from error

    @cached_property
    def _key(self) -> EllipticCurvePrivateKey:
        return derive_private_key(int.from_bytes(decode(self.private_key)), SECP256R1())


@dataclass
class Push:
    """A push message as its browser got it."""

    id: str
    browser: str
    ttl: int
    urgency: str
    topic: str
    data: str
    received: datetime
    replaced: bool = False
    """A newer one with the same topic has taken its place."""
    acted: str = ""
    """What was tapped: open, call or decline."""

    def payload(self) -> dict[str, Any]:
        """Its JSON; empty if it is something else."""
        try:
            found = json.loads(self.data)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass
class PushService:
    """Who has subscribed, and what was sent to them."""

    browsers: dict[str, Browser] = field(default_factory=dict)
    pushes: list[Push] = field(default_factory=list)

    def take(self, push: Push) -> None:
        """A newer one with the same topic replaces the older. RFC 8030, section 5.4"""
        for older in self.pushes:
            if push.topic and (older.browser, older.topic) == (push.browser, push.topic):
                older.replaced = True
        self.pushes.append(push)


def new_browser(*, label: str = "", account: str = "", application_server_key: str = "") -> Browser:
    """A browser that has just subscribed."""
    number = generate_private_key(SECP256R1()).private_numbers().private_value
    key, auth = number.to_bytes(KEY_BYTES), secrets.token_bytes(AUTH_BYTES)
    return Browser(secrets.token_urlsafe(24), encode(key), encode(auth), label, account, application_server_key)


def is_point(key: str) -> bool:
    """Whether `key` can be an applicationServerKey: an uncompressed point on P-256."""
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), decode(key))
    except ValueError:
        return False
    return True


def encode(value: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decode(value: str) -> bytes:
    """The octets of base64url, padded or not. Raises ValueError."""
    bare = value.rstrip("=")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
