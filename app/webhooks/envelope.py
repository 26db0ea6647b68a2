"""The request for an event: its body, and headers that sign it (https://www.standardwebhooks.com). Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from standardwebhooks import Webhook

from app.webhooks.models import Event


@dataclass(frozen=True)
class Envelope:
    """One request. An event's body is always the same; the time and the signatures belong to the attempt."""

    body: bytes
    headers: dict[str, str]


def event_json(event: Event) -> dict[str, object]:
    """An event as endpoints and the API show it."""
    return {"id": str(event.id), "type": event.type, "timestamp": event.at.isoformat(), "data": event.data}


def envelope(event: Event, *, secrets: Sequence[str], at: datetime) -> Envelope:
    """The request for an event, signed with each of the secrets at `at`."""
    body = json.dumps(event_json(event), separators=(",", ":"), sort_keys=True)
    signatures = [Webhook(secret).sign(str(event.id), at, body) for secret in secrets]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Dibs-Webhooks/1",
        "webhook-id": str(event.id),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return Envelope(body.encode(), headers)
