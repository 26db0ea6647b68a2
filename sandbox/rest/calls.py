"""`/Calls.json`: https://www.twilio.com/docs/voice/api/call-resource"""

from datetime import datetime
from email.utils import format_datetime
from typing import Any

from flask import Response, jsonify, request

from sandbox.rest import blueprint, check_names, page_of, runner, vanish, world
from sandbox.rest.errors import api_error
from sandbox.voice.leg import IN_PROGRESS, Leg
from sandbox.voice.twiml import LEG_EVENTS
from sandbox.world import PHONE, new_sid

CREATE = frozenset({
    "To", "From", "Url", "Twiml", "Method", "FallbackUrl", "FallbackMethod", "StatusCallback", "StatusCallbackEvent",
    "StatusCallbackMethod", "Timeout", "MachineDetection", "MachineDetectionTimeout", "AsyncAmd",
    "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod", "MachineDetectionSpeechThreshold",
    "MachineDetectionSpeechEndThreshold", "MachineDetectionSilenceTimeout",
})  # fmt: skip
UPDATE = frozenset({"Url", "Method", "Status", "Twiml"})
ENDS = frozenset({"canceled", "completed"})
SECONDS = 60


@blueprint.post("/Calls.json")
def create_call() -> tuple[Response, int] | Response:
    """Places a call."""
    form = request.form
    check_names(CREATE)
    if not form.get("To"):
        return api_error(21201)
    if not PHONE.fullmatch(form["To"]):
        return api_error(21211)
    if form.get("From", "") not in world().settings.numbers:
        return api_error(21212 if form.get("From") else 21213)
    if not (form.get("Url") or form.get("Twiml")):
        return api_error(21218)
    if form.get("Url") and not form["Url"].startswith(("http://", "https://")):
        return api_error(21205)
    leg = Leg(world(), new_sid("CA"), form["To"], form["From"], "outbound-api")
    leg.urls = {
        "url": form.get("Url"),
        "method": form.get("Method"),
        "twiml": form.get("Twiml"),
        "fallback_url": form.get("FallbackUrl"),
        "fallback_method": form.get("FallbackMethod"),
        "status_url": form.get("StatusCallback"),
        "status_method": form.get("StatusCallbackMethod"),
        "events": _events(form.getlist("StatusCallbackEvent")),
        "timeout": form.get("Timeout", SECONDS, type=int),
        "amd_url": form.get("AsyncAmdStatusCallback"),
        "amd": form.get("MachineDetection"),
        "amd_method": form.get("AsyncAmdStatusCallbackMethod"),
    }
    runner().place(leg)
    vanish()
    return jsonify(_shown(leg) | {"status": "queued"}), 201


def _events(given: list[str]) -> list[str]:
    """A wrong event is accepted, and then no callbacks come: here it can be seen."""
    for event in given:
        if event not in LEG_EVENTS:
            world().error(f"Calls.json: no StatusCallbackEvent {event!r}: no callbacks will come")
            return []
    return given or ["completed"]


@blueprint.get("/Calls.json")
def list_calls() -> Response:
    """Newest first, filtered by To, From, Status and ParentCallSid."""
    args = request.args
    legs = [
        leg
        for leg in reversed(list(world().calls.values()))
        if args.get("To") in (None, leg.to)
        and args.get("From") in (None, leg.sender)
        and args.get("Status") in (None, leg.status)
        and args.get("ParentCallSid") in (None, leg.parent_sid)
    ]
    return jsonify(page_of("calls", [_shown(leg) for leg in legs]))


@blueprint.get("/Calls/<sid>.json")
def fetch_call(sid: str) -> Response:
    """One call."""
    leg = world().calls.get(sid)
    return jsonify(_shown(leg)) if leg is not None else api_error(20404)


@blueprint.post("/Calls/<sid>.json")
def update_call(sid: str) -> Response:
    """`canceled` ends what has not been picked up, `completed` everything, and a document needs a call in progress."""
    form = request.form
    check_names(UPDATE)
    leg = world().calls.get(sid)
    if leg is None:
        return api_error(20404)
    if form.get("Twiml") or form.get("Url"):
        if leg.status != IN_PROGRESS:
            return api_error(21220)
        given = {name: form[name] for name in ("Twiml", "Url", "Method") if name in form}
        world().update(lambda: setattr(leg, "update", given))
    elif form.get("Status") not in ENDS:
        world().error(f"Calls.json: a call cannot be given the Status {form.get('Status')!r}")
        return api_error(20001)
    elif form.get("Status") == "completed" or (form.get("Status") == "canceled" and leg.started is None):
        _end(leg)
    return jsonify(_shown(leg))


def _end(leg: Leg) -> None:
    with world().changed:
        if not leg.over:
            leg.hung_up_by = "product"
            world().wake()
            world().changed.wait_for(lambda: leg.over, timeout=2)


def _shown(leg: Leg) -> dict[str, Any]:
    uri = f"/2010-04-01/Accounts/{world().settings.account_sid}/Calls/{leg.sid}.json"
    return {
        "sid": leg.sid,
        "account_sid": world().settings.account_sid,
        "parent_call_sid": leg.parent_sid,
        "to": leg.to,
        "to_formatted": leg.to,
        "from": leg.sender,
        "from_formatted": leg.sender,
        "phone_number_sid": None,
        "status": leg.status,
        "start_time": _rfc_2822(leg.started),
        "end_time": _rfc_2822(leg.ended),
        "duration": str(leg.duration()) if leg.over else None,
        "price": None,
        "price_unit": "USD",
        "direction": leg.direction,
        "answered_by": leg.answered_by,
        "api_version": "2010-04-01",
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": str(leg.queue_ms),
        "trunk_sid": None,
        "date_created": _rfc_2822(leg.created),
        "date_updated": _rfc_2822(leg.ended or leg.started or leg.created),
        "annotation": None,
        "uri": uri,
        "subresource_uris": {},
    }


def _rfc_2822(moment: datetime | None) -> str | None:
    return format_datetime(moment) if moment is not None else None
