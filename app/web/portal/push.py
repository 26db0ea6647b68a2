"""Browsers that take push messages: a page tells us of its own with each load, and when it has been turned off."""

import base64
import binascii
from http import HTTPStatus
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from flask import Response, abort, jsonify, request, session
from flask_login import current_user, login_required

from app.config.push_hosts import push_hosts
from app.core.clock import now
from app.core.database.ids import parse_id
from app.core.runtime import runtime
from app.extensions import db
from app.http.devices import device_name
from app.notifications.channels.subscriptions import Browser
from app.notifications.reach.browsers import keep_browser, turn_off_browser
from app.people.models import Agent
from app.web import blueprint

POINT_BYTES, AUTH_BYTES = 65, 16
"""An uncompressed point of P-256, and the secret that goes with it. RFC 8291, section 3."""
LONGEST_KEY = 200
MINE = "push"
"""In the signed session: which subscription is this browser's, so that signing out ends it."""


class WrongField(Exception):
    """What the browser sent is no subscription; `field` says where."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@blueprint.post("/push/subscriptions")
@login_required
def subscribe_browser() -> tuple[Response, int]:
    """Keeps this browser's subscription. 410: the push service has forgotten it, so the page has to make another."""
    agent = current_user.agent
    if not isinstance(agent, Agent) or not runtime().settings.sends_push:
        abort(HTTPStatus.NOT_FOUND)
    try:
        browser = _browser(request.get_json(silent=True))
    except WrongField as wrong:
        return jsonify(field=wrong.field), HTTPStatus.UNPROCESSABLE_ENTITY
    kept = keep_browser(db.session(), agent=agent, browser=browser, at=now())
    if kept is None:
        return jsonify(field="endpoint"), HTTPStatus.GONE
    db.session.commit()
    session[MINE] = str(kept.id)
    return jsonify(device=kept.device), HTTPStatus.OK


@blueprint.delete("/push/subscriptions")
@login_required
def turn_off() -> tuple[Response, int]:
    """No more push messages at this address."""
    body = request.get_json(silent=True)
    endpoint = body.get("endpoint") if isinstance(body, dict) else None
    if not isinstance(endpoint, str):
        return jsonify(field="endpoint"), HTTPStatus.UNPROCESSABLE_ENTITY
    ended = turn_off_browser(db.session(), account_id=current_user.id, endpoint=endpoint, at=now())
    db.session.commit()
    session.pop(MINE, None)
    return jsonify(ended=ended), HTTPStatus.OK


def forget_own_subscription() -> UUID | None:
    """The subscription that this browser has, to be ended by signing it out."""
    return parse_id(session.pop(MINE, ""))


def _browser(body: Any) -> Browser:
    """A PushSubscription's toJSON(). Raises WrongField."""
    if not isinstance(body, dict):
        raise WrongField("body")
    endpoint, keys = body.get("endpoint"), body.get("keys")
    if not isinstance(endpoint, str) or not push_hosts(runtime().settings.push_hosts).allowed(endpoint):
        raise WrongField("endpoint")
    if not isinstance(keys, dict):
        raise WrongField("keys")
    device = device_name(request.headers.get("User-Agent", ""))
    return Browser(endpoint, _point(keys.get("p256dh")), _secret(keys.get("auth")), device)


def _point(value: Any) -> str:
    octets = _octets("keys.p256dh", value, POINT_BYTES)
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), octets)
    except ValueError:
        raise WrongField("keys.p256dh") from None
    return _encoded(octets)


def _secret(value: Any) -> str:
    return _encoded(_octets("keys.auth", value, AUTH_BYTES))


def _octets(field: str, value: Any, length: int) -> bytes:
    """base64url, padded or not."""
    if not isinstance(value, str) or len(value) > LONGEST_KEY:
        raise WrongField(field)
    bare = value.rstrip("=")
    try:
        octets = base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise WrongField(field) from None
    if len(octets) != length:
        raise WrongField(field)
    return octets


def _encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
