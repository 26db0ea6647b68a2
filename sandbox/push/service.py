"""The push service: `POST /push/<browser>`. RFC 8030, with the body of RFC 8291 and the sender of RFC 8292.

Each message is delivered at once: no browser is ever asleep here.
"""

import logging
import re
import secrets
import threading
import time

import requests
from flask import Blueprint, Response, jsonify, request

from sandbox.push.browsers import Browser, Push, Undecipherable
from sandbox.push.vapid import Refused, check_vapid
from sandbox.rest import world
from sandbox.world import World, utc_now

log = logging.getLogger(__name__)
blueprint = Blueprint("push", __name__, url_prefix="/push")

MOST_OCTETS = 4096
URGENCIES = frozenset({"very-low", "low", "normal", "high"})
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
BAD_REQUEST, NOT_FOUND, TOO_LARGE, TOO_MANY = 400, 404, 413, 429
RETRY_SECONDS = 1
SHOWN_SECONDS = 5


@blueprint.post("/<browser_id>")
def take(browser_id: str) -> Response:
    """Takes one message for one browser."""
    try:
        _misbehave()
        browser = _browser(browser_id)
        _check_headers()
        server_key = browser.application_server_key
        check_vapid(request.headers.get("Authorization", ""), audience=world().settings.origin, server_key=server_key)
        location = f"{world().settings.origin}/push/messages/{_deliver(browser)}"
        response = Response(status=201, headers={"Location": location, "TTL": request.headers["TTL"]})
    except Refused as refused:
        response = jsonify(reason=refused.why)
        response.status_code = refused.status
        if refused.status == TOO_MANY:
            response.headers["Retry-After"] = str(RETRY_SECONDS)
    time.sleep(world().behaviour.push_slow)
    return response


def _misbehave() -> None:
    with world().changed:
        if world().behaviour.push_errors:
            raise Refused(world().behaviour.push_errors.pop(0), "as it was told to")


def _browser(browser_id: str) -> Browser:
    browser = world().push.browsers.get(browser_id)
    if browser is None:
        raise Refused(NOT_FOUND, "nobody has subscribed here")
    if browser.gone is not None:
        raise Refused(browser.gone, "the subscription is over")
    return browser


def _check_headers() -> None:
    """Raises Refused for what RFC 8030 has a service refuse."""
    headers = request.headers
    if not headers.get("TTL", "").isdecimal():
        raise Refused(BAD_REQUEST, "TTL has to be a number of seconds")
    if headers.get("Urgency", "normal") not in URGENCIES:
        raise Refused(BAD_REQUEST, "Urgency is one of very-low, low, normal, high")
    if "Topic" in headers and not TOPIC.fullmatch(headers["Topic"]):
        raise Refused(BAD_REQUEST, "Topic is at most 32 characters of base64url")
    if len(request.get_data()) > MOST_OCTETS:
        raise Refused(TOO_LARGE, "the body is larger than 4096 octets")
    if headers.get("Content-Encoding") != "aes128gcm":
        raise Refused(BAD_REQUEST, "Content-Encoding has to be aes128gcm")
    if headers.get("Content-Type") != "application/octet-stream":
        raise Refused(BAD_REQUEST, "Content-Type has to be application/octet-stream")


def _deliver(browser: Browser) -> str:
    """Gives it to the browser; the message's id. What a service would never learn is an error one can see."""
    headers, push_id = request.headers, secrets.token_hex(8)
    try:
        data = browser.decrypt(request.get_data())
    except Undecipherable as error:
        world().error(f"push to {browser.label or browser.id}: the browser drops it, {error}")
        return push_id
    if headers["TTL"] == "0":
        world().error(f"push to {browser.label or browser.id}: with TTL 0 a phone that is asleep never gets it")
    urgency, topic = headers.get("Urgency", "normal"), headers.get("Topic", "")
    push = Push(push_id, browser.id, int(headers["TTL"]), urgency, topic, data, utc_now())
    world().update(lambda: world().push.take(push))
    if browser.shows:
        threading.Thread(target=_shown, args=(world(), push), daemon=True).start()
    return push_id


def _shown(here: World, push: Push) -> None:
    """The product's service worker has shown it, and says so where the message asks for that."""
    arrived = push.payload().get("arrived")
    if not isinstance(arrived, str) or not arrived.startswith("/"):
        return
    home = here.settings.public_url
    try:
        requests.post(home + arrived, headers={"Origin": home}, timeout=SHOWN_SECONDS)
    except requests.RequestException as error:
        log.info("push not reported as shown: %s", type(error).__name__)
