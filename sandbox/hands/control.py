"""What a hand on a handset does, over JSON: for the page, the demo and tests."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from sandbox.faults import Behaviour
from sandbox.rest import poster, runner, world
from sandbox.rest.errors import can_be_delivery
from sandbox.sms.inbound import Texts
from sandbox.sms.segments import segments
from sandbox.software.receiver import set_receiver
from sandbox.voice.leg import RINGING, Leg
from sandbox.world import Message, new_sid, utc_now

blueprint = Blueprint("control", __name__, url_prefix="/control")

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
    return done()


@blueprint.post("/phones")
def set_phone() -> Response:
    """Adds a handset, names it, or says how it behaves."""
    given = json_body()
    if not can_be_delivery(str(given.get("delivery", "delivered"))):
        abort(400, "refuse: takes a code of sandbox/rest/errors.py")
    phone = world().phone(str(given["number"]))
    for name in ("label", "mode", "delivery"):
        if name in given:
            setattr(phone, name, str(given[name]))
    world().update(lambda: None)
    return done()


@blueprint.post("/names")
def name_phones() -> Response:
    """Whose number is whose; a handset that is not there yet will have its name."""
    world().name_phones({str(number): str(name) for number, name in json_body().items()})
    return done()


@blueprint.post("/behaviour")
def set_behaviour() -> Response:
    """How the carrier misbehaves from now on; what is not given is as it should be."""
    behaviour = Behaviour(**json_body())
    world().update(lambda: setattr(world(), "behaviour", behaviour))
    return done()


@blueprint.post("/webhooks/<name>")
def set_webhooks(name: str) -> Response:
    """How an endpoint of the network's software answers, and with which secret it checks signatures."""
    set_receiver(name, json_body())
    return done()


@blueprint.post("/calls/<sid>/answer")
def answer(sid: str) -> Response:
    """Picks up."""
    leg = _leg(sid)
    world().update(lambda: setattr(leg, "answered", True))
    return done()


@blueprint.post("/calls/<sid>/decline")
def decline(sid: str) -> Response:
    """Rejects a ringing call: the carrier says busy."""
    leg = _leg(sid)
    world().update(lambda: setattr(leg, "declined", "busy"))
    return done()


@blueprint.post("/calls/<sid>/ring-out")
def ring_out(sid: str) -> Response:
    """Nobody picks up a ringing call (no-answer), or the carrier cannot complete it (failed)."""
    leg, status = _leg(sid), str(json_body().get("status", "no-answer"))
    if status not in ("no-answer", "failed"):
        abort(400)
    world().update(lambda: setattr(leg, "declined", status))
    return done()


@blueprint.post("/calls/<sid>/press/<keys>")
def press(sid: str, keys: str) -> Response:
    """Presses keys. Those that nobody listens for are lost, as in life."""
    leg = _leg(sid)
    leg.hear("keypad", keys if leg.gathering else f"{keys} (nobody listens)")
    if leg.gathering:
        world().update(lambda: leg.keys.extend(keys))
    return done()


@blueprint.post("/calls/<sid>/speak")
def speak(sid: str) -> Response:
    """Speaks for so many seconds, all at once: what is recorded is as long."""
    leg, seconds = _leg(sid), int(json_body().get("seconds", 1))
    leg.hear("phone", f"(speaks for {seconds} seconds)")
    world().update(lambda: setattr(leg, "spoken", leg.spoken + seconds))
    return done()


@blueprint.post("/calls/<sid>/hang-up")
def hang_up(sid: str) -> Response:
    """Hangs up; a phone that still rings is left alone."""
    leg = _leg(sid)
    if leg.status == RINGING and leg.direction != "inbound":
        return decline(sid)
    world().update(lambda: setattr(leg, "hung_up_by", "phone"))
    return done()


@blueprint.post("/dial")
def dial() -> Response:
    """A handset rings one of our numbers."""
    given = json_body()
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
    given = json_body()
    number, body = str(given["from"]), str(given["body"])
    to = str(given.get("to") or world().settings.numbers[-1])
    Texts(world(), poster()).come_in(
        Message(new_sid("SM"), to, number, body, "inbound", "received", segments(body), utc_now())
    )
    return done()


def _leg(sid: str) -> Leg:
    leg = world().calls.get(sid)
    if not isinstance(leg, Leg):
        abort(404)
    return leg


def json_body() -> dict[str, Any]:
    """What was given."""
    given = request.get_json()
    if not isinstance(given, dict):
        abort(400)
    return given


def done() -> Response:
    """It has been done."""
    return jsonify(ok=True)
