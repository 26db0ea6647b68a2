"""A browser that has subscribed to push messages."""

import json
from dataclasses import dataclass
from typing import Any

from app.config import load_settings
from app.providers.webpush.keys import public_key
from tests.support.carrier.control import Control
from tests.support.world.database import Database

SUBSCRIBE = """
    INSERT INTO push_subscription (id, account_id, endpoint, p256dh, auth, device, created_at, seen_at)
    SELECT uuidv7(), account_id, %s, %s, %s, %s, now(), now() FROM agent WHERE id = %s RETURNING id
"""


@dataclass(frozen=True)
class ReceivedPush:
    """A push message as its browser decrypted it."""

    id: str
    payload: dict[str, Any]
    ttl: int
    urgency: str
    topic: str


class Subscriber:
    """One browser: what `pushManager.subscribe()` gives, and what arrives there."""

    def __init__(
        self, carrier: Control, label: str, *, account: str = "", server_key: str = "", shows: bool = True
    ) -> None:
        self._carrier = carrier
        made = carrier.act("browsers", label=label, account=account, application_server_key=server_key, shows=shows)
        self.label = label
        self.id: str = made.pop("id")
        self.subscription: dict[str, Any] = made
        """PushSubscription.toJSON()."""

    def gets_push(self, words: str = "") -> ReceivedPush:
        """Waits for a push with these words in it that nothing newer has replaced; the newest such."""
        found = self._carrier.wait(
            lambda s: [p for p in s["pushes"] if self._mine(p) and words in p["data"] and not p["replaced"]],
            f"a push {words!r} to {self.label or self.id}",
        )[-1]
        return _received(found)

    def pushes(self, words: str = "") -> list[ReceivedPush]:
        """The pushes so far, oldest first, replaced ones as well."""
        return [_received(p) for p in self._carrier.state()["pushes"] if self._mine(p) and words in p["data"]]

    def is_gone(self, status: int = 410) -> None:
        """The subscription ends: from now on each push to it is answered with this, 410 or 404."""
        self._carrier.act(f"browsers/{self.id}/gone", status=status)

    def taps(self, action: str = "open") -> dict[str, Any]:
        """Taps the newest notification, or its button: call or decline. Its link, and what a button was answered."""
        answer: dict[str, Any] = self._carrier.act(f"pushes/{self.gets_push().id}/{action}")
        return answer

    def _mine(self, push: dict[str, Any]) -> bool:
        return bool(push["browser"] == self.id)


def _received(push: dict[str, Any]) -> ReceivedPush:
    return ReceivedPush(push["id"], json.loads(push["data"]), push["ttl"], push["urgency"], push["topic"])


def subscribed(
    carrier: Control, database: Database, agent_id: str, device: str = "Chrome on Android", *, shows: bool = True
) -> Subscriber:
    """A browser of this agent's that takes push from us alone: it has our key."""
    browser = Subscriber(carrier, device, server_key=public_key(load_settings({}).vapid_private_key), shows=shows)
    keys = browser.subscription["keys"]
    database.rows(SUBSCRIBE, browser.subscription["endpoint"], keys["p256dh"], keys["auth"], device, agent_id)
    return browser
