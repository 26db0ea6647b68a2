"""What a hand on a handset does, over JSON: for the page, the demo and tests."""

import threading
from typing import Any
from xml.sax.saxutils import unescape

import requests
from flask import Blueprint, Response, abort, jsonify, request

from app.sandbox.leg import RINGING, Leg
from app.sandbox.rest import poster, runner, world
from app.sandbox.segments import segments
from app.sandbox.twiml import MESSAGE_VERBS, InvalidTwiml, parse
from app.sandbox.world import Behaviour, Message, new_sid, utc_now

blueprint = Blueprint("control", __name__, url_prefix="/control")

STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
LONGEST_WAIT = 25.0


@blueprint.get("/state")
def state() -> Response:
    """Everything; with `since` and `wait`, once there is something newer."""
    since, seconds = request.args.get("since", type=int), request.args.get("wait", 0.0, type=float)
    if since is not None:
        world().wait_newer(since, min(seconds, LONGEST_WAIT))
    return jsonify(world().snapshot())


@blueprint.post("/reset")
def reset() -> Response:
    """Forgets everything."""
    world().reset()
    return _done()


@blueprint.post("/phones")
def set_phone() -> Response:
    """Adds a handset, names it, or says how it behaves."""
    given = _json()
    phone = world().phone(str(given["number"]))
    for name in ("label", "mode", "delivery"):
        if name in given:
            setattr(phone, name, str(given[name]))
    world().update(lambda: None)
    return _done()


@blueprint.post("/behaviour")
def set_behaviour() -> Response:
    """How the carrier misbehaves from now on; what is not given is as it should be."""
    behaviour = Behaviour(**_json())
    world().update(lambda: setattr(world(), "behaviour", behaviour))
    return _done()


@blueprint.post("/calls/<sid>/answer")
def answer(sid: str) -> Response:
    """Picks up."""
    leg = _leg(sid)
    world().update(lambda: setattr(leg, "answered", True))
    return _done()


@blueprint.post("/calls/<sid>/decline")
def decline(sid: str) -> Response:
    """Rejects a ringing call: the carrier says busy."""
    leg = _leg(sid)
    world().update(lambda: setattr(leg, "declined", "busy"))
    return _done()


@blueprint.post("/calls/<sid>/ring-out")
def ring_out(sid: str) -> Response:
    """Nobody picks up a ringing call (no-answer), or the carrier cannot complete it (failed)."""
    leg, status = _leg(sid), str(_json().get("status", "no-answer"))
    if status not in ("no-answer", "failed"):
        abort(400)
    world().update(lambda: setattr(leg, "declined", status))
    return _done()


@blueprint.post("/calls/<sid>/press/<keys>")
def press(sid: str, keys: str) -> Response:
    """Presses keys. Those that nobody listens for are lost, as in life."""
    leg = _leg(sid)
    leg.hear("keypad", keys if leg.gathering else f"{keys} (nobody listens)")
    if leg.gathering:
        world().update(lambda: leg.keys.extend(keys))
    return _done()


@blueprint.post("/calls/<sid>/hang-up")
def hang_up(sid: str) -> Response:
    """Hangs up; a phone that still rings is left alone."""
    leg = _leg(sid)
    if leg.status == RINGING and leg.direction != "inbound":
        return decline(sid)
    world().update(lambda: setattr(leg, "hung_up_by", "phone"))
    return _done()


@blueprint.post("/dial")
def dial() -> Response:
    """A handset rings one of our numbers."""
    given = _json()
    settings = world().settings
    to = str(given.get("to") or settings.numbers[0])
    if to not in settings.numbers:
        abort(400, f"{to} is no number of this account")
    world().phone(str(given["from"]))
    leg = Leg(world(), new_sid("CA"), str(given["from"]), to, "inbound")
    hooks = f"{settings.public_url}/hooks/twilio"
    leg.urls = {
        "url": f"{hooks}/voice",
        "fallback_url": f"{hooks}/fallback",
        "status_url": f"{hooks}/status",
        "events": ["completed"],
        "stir": given.get("stir", "TN-Validation-Passed-A"),
    }
    runner().incoming(leg)
    return jsonify(sid=leg.sid)


@blueprint.post("/text")
def text() -> Response:
    """A handset texts one of our numbers."""
    given = _json()
    number, body = str(given["from"]), str(given["body"])
    to = str(given.get("to") or world().settings.numbers[-1])
    message = Message(new_sid("SM"), to, number, body, "inbound", "received", segments(body), utc_now())
    phone = world().phone(number)
    word = body.strip().upper()
    if word in STOP_WORDS | START_WORDS:
        phone.opted_out = word in STOP_WORDS
    world().update(lambda: world().messages.append(message))
    threading.Thread(target=_forward, args=(poster(), world(), message), daemon=True).start()
    return _done()


def _forward(post: Any, here: Any, message: Message) -> None:
    """Gives the text to the product, and its answer to the handset. STOP and START are forwarded as well."""
    params = {
        "MessageSid": message.sid,
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "AccountSid": here.settings.account_sid,
        "From": message.sender,
        "To": message.to,
        "Body": message.body,
        "NumMedia": "0",
        "NumSegments": str(message.segments),
        "ApiVersion": "2010-04-01",
    }
    try:
        answered = post.fetch(f"{here.settings.public_url}/hooks/twilio/sms", params)
        verbs = parse(answered.text, MESSAGE_VERBS) if answered.text.strip() else []
    except (requests.RequestException, InvalidTwiml) as error:
        here.error(f"sms hook: {error}")
        return
    for verb in verbs:
        body = unescape(verb.text or " ".join(child.text for child in verb.children))
        reply = Message(
            new_sid("SM"),
            message.sender,
            message.to,
            body,
            "outbound-reply",
            "delivered",
            segments(body),
            utc_now(),
        )
        here.update(lambda reply=reply: here.messages.append(reply))


def _leg(sid: str) -> Leg:
    leg = world().calls.get(sid)
    if not isinstance(leg, Leg):
        abort(404)
    return leg


def _json() -> dict[str, Any]:
    given = request.get_json()
    if not isinstance(given, dict):
        abort(400)
    return given


def _done() -> Response:
    return jsonify(ok=True)
