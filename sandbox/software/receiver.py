"""Takes webhooks: `POST /webhooks/NAME`. Any name is an endpoint; given its secret, it checks each signature.

The check is the one of the Standard Webhooks specification, written without the product's library, so that a request
that this takes is one that others take.
"""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.rest import world
from sandbox.world import utc_now

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")

TOLERANCE_SECONDS = 300
NO_CONTENT, UNAUTHORIZED, FOUND = 204, 401, 302
MOST_KEPT = 500


@dataclass
class Receiver:
    """One endpoint. `answers`: statuses of the next answers, first to last; then `status` for good."""

    name: str
    secret: str = ""
    status: int = NO_CONTENT
    answers: list[int] = field(default_factory=list)
    slow: float = 0.0
    """Seconds before each answer."""
    retry_after: str = ""
    """Sent with answers that are not 2xx."""

    def next_status(self) -> int:
        """What it answers now."""
        return self.answers.pop(0) if self.answers else self.status


@blueprint.post("/<name>")
def take(name: str) -> Response:
    """Takes one event."""
    here, body = world(), request.get_data()
    with here.changed:
        receiver = here.receivers.setdefault(name, Receiver(name))
        is_signed = not receiver.secret or _is_signed(receiver.secret, body)
        status = receiver.next_status() if is_signed else UNAUTHORIZED
        here.webhooks.append(_received(name, body, status))
        del here.webhooks[:-MOST_KEPT]
        if not is_signed:
            here.errors.append(f"webhook to {name}: the signature is wrong")
        here.wake()
    if receiver.slow:
        time.sleep(receiver.slow)
    response = jsonify(ok=True) if status != NO_CONTENT else Response()
    response.status_code = status
    if receiver.retry_after and status >= FOUND:
        response.headers["Retry-After"] = receiver.retry_after
    if status == FOUND:
        response.headers["Location"] = "/webhooks/elsewhere"
    return response


def set_receiver(name: str, given: dict[str, Any]) -> None:
    """Makes `name` behave as given; what is not given is as it should be."""
    world().update(lambda: world().receivers.__setitem__(name, Receiver(name, **given)))


def _received(name: str, body: bytes, status: int) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except ValueError:
        event = None
    return {
        "endpoint": name,
        "id": request.headers.get("webhook-id", ""),
        "headers": [[key, value] for key, value in request.headers.items()],
        "body": body.decode("utf-8", "replace"),
        "event": event,
        "status": status,
        "received": utc_now().isoformat(),
    }


def _is_signed(secret: str, body: bytes) -> bool:
    sent, at = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "")
    if not at.isdigit() or abs(time.time() - int(at)) > TOLERANCE_SECONDS:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = base64.b64encode(hmac.new(key, f"{sent}.{at}.".encode() + body, hashlib.sha256).digest()).decode()
    given = request.headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(f"v1,{right}".encode(), one.encode()) for one in given)
