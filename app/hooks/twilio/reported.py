"""What a request of the carrier's says of its call, and writing it down."""

from http import HTTPStatus

from flask import abort, request

from app.calls.bridge import BridgeEnd
from app.calls.progress import Report, WrongCall, report_call
from app.calls.rules import DECLINED_ON_THE_PHONE
from app.calls.service import CallRef
from app.core.clock import now
from app.core.runtime import runtime
from app.extensions import db


def report(ref: CallRef, what: Report) -> None:
    """Writes down what became of a call, and passes it on. 404 for a request of another call."""
    try:
        outbox = report_call(
            db.session(),
            call_id=ref.call_id,
            report=what,
            at=now(),
            ring_seconds=runtime().settings.ring_seconds,
        )
    except WrongCall:
        abort(HTTPStatus.NOT_FOUND)
    db.session.commit()
    outbox.enqueue(runtime().queue)


def check_sid(ref: CallRef) -> None:
    """A signed request for one call does nothing to another."""
    if ref.sid not in (None, call_sid()):
        abort(HTTPStatus.NOT_FOUND)


def bridge_end() -> BridgeEnd:
    """What the carrier says of a bridge that is over."""
    form = request.form
    hung_up = form.get("CallStatus") == "completed"
    return BridgeEnd(were_joined(), hung_up, form.get("DialCallSid") or None, _seconds("DialCallDuration"))


def _seconds(name: str) -> int | None:
    told = request.form.get(name, "")
    return int(told) if told.isdecimal() else None


def were_joined() -> bool:
    """Whether a dialed leg was picked up and joined, by any of the carrier's words for it."""
    form = request.form
    bridged = form.get("DialBridged")
    if bridged is not None:
        return bridged == "true"
    return form.get("DialCallStatus") in ("completed", "answered") and form.get("DialCallDuration") != "0"


def call_sid() -> str:
    """The carrier's id of the call this request is about."""
    sid = request.form.get("CallSid", "")
    if not sid:
        abort(HTTPStatus.NOT_FOUND)
    return sid


def status_report() -> Report:
    """A status callback; SID, event and sequence make it unique."""
    form = request.form
    event = form.get("CallStatus", "")
    rejected = event == "busy" and form.get("SipResponseCode") == DECLINED_ON_THE_PHONE
    sequence = form.get("SequenceNumber", "")
    return Report(
        sid=call_sid(),
        status="rejected" if rejected else event,
        event_key=f"{call_sid()} {event} {sequence}",
        details={"sequence": sequence, "duration": form.get("CallDuration")},
        seconds=_seconds("CallDuration"),
    )


def fetch_key(step: str) -> str | None:
    """A request for TwiML is told from its repetition by the carrier's own token, where it sends one."""
    token = request.headers.get("I-Twilio-Idempotency-Token")
    return f"{call_sid()} {step} {token}"[:200] if token else None
