"""Somebody who sends push messages with a VAPID key: properly, or with one thing wrong."""

import time
from typing import Any

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from pywebpush import WebPusher, webpush

from sandbox.push.browsers import encode
from tests.support.browser.subscriber import Subscriber

SUBJECT = "mailto:operator@dibs.example"
HOUR = 3600


class Sender:
    """Has a key of its own."""

    def __init__(self) -> None:
        self._private = generate_private_key(SECP256R1())
        public = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.key = encode(public)
        """The applicationServerKey that belongs to it."""

    def webpush(self, subscription: dict[str, Any], text: str, **headers: str) -> requests.Response:
        """As the library sends it. Raises WebPushException."""
        vapid = Vapid02()
        vapid.private_key = self._private
        answer = webpush(
            subscription, text, vapid, {"sub": SUBJECT}, ttl=60, timeout=10,
            headers={"Content-Type": "application/octet-stream", **headers},
        )  # fmt: skip
        assert isinstance(answer, requests.Response)
        return answer

    def posts(
        self,
        subscriber: Subscriber,
        *,
        body: bytes | None = None,
        claims: dict[str, Any] | None = None,
        headers: dict[str, str | None] | None = None,
        key: str = "",
    ) -> requests.Response:
        """A good request by hand, but for what is given; None leaves something out, `exp` is in seconds from now."""
        endpoint = subscriber.subscription["endpoint"]
        told = {"aud": "/".join(endpoint.split("/")[:3]), "sub": SUBJECT, "exp": HOUR} | (claims or {})
        if told["exp"] is not None:
            told["exp"] += int(time.time())
        token = jwt.encode({name: value for name, value in told.items() if value is not None}, self._private, "ES256")
        sent = {
            "Authorization": f"vapid t={token}, k={key or self.key}",
            "TTL": "60",
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
        } | (headers or {})
        good = {name: value for name, value in sent.items() if value is not None}
        return requests.post(endpoint, body or sealed(subscriber, b"{}"), headers=good, timeout=10)


def sealed(subscriber: Subscriber, text: bytes) -> bytes:
    """The body that only this browser can read."""
    found: bytes = WebPusher(subscriber.subscription).encode(text)["body"]
    return found
