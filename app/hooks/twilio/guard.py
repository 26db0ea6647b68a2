"""Only the carrier gets in, and a lock that is not to be had is no error but a moment's wait."""

from http import HTTPStatus
from uuid import UUID

import structlog
from flask import Response, abort, current_app, request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from app.calls.models import ONE_CALL_PER_CLIENT, Call
from app.calls.service import CallRef, find_call
from app.core.database.locks import was_a_lock
from app.core.errors import LockTimeout
from app.core.language import speak
from app.core.runtime import runtime
from app.extensions import db
from app.hooks.twilio import blueprint
from app.hooks.twilio.answers import one_moment_again
from app.providers.twilio.signatures import SignatureCheck, looks_signed

log = structlog.get_logger()

LONGEST = {
    "CallSid": 34,
    "ParentCallSid": 34,
    "DialCallSid": 34,
    "RecordingSid": 34,
    "RecordingDuration": 6,
    "CallDuration": 9,
    "DialCallDuration": 9,
    "MessageSid": 34,
    "CallStatus": 20,
    "SequenceNumber": 10,
    "ErrorCode": 10,
}
"""Of what is written down as it comes, in characters."""
FREE_TEXT = "Body"
SPOKEN = frozenset({
    "key", "menu", "bridge", "outcome", "fallback", "voice", "pin", "forwarded", "whisper", "take", "no-calls",
    "message-left", "transfer-code", "adviser-answers", "adviser-begins", "adviser-back",
    "adviser-chooses", "client-answers",
})  # fmt: skip
"""Addresses at which somebody is on the line."""


@blueprint.before_request
def only_the_carrier() -> None:
    """403 unless the signature is the carrier's over our public address, the raw query and the form.

    404 for values that no carrier sends and no database keeps.
    """
    path = request.path
    if request.query_string:
        path += "?" + request.query_string.decode("latin-1")
    signature = request.headers.get("X-Twilio-Signature", "")
    if not looks_signed(signature) or not _signature_check().accepts(path, request.form, signature):
        log.warning("hook_refused", hook="twilio", endpoint=request.endpoint or "none")
        abort(HTTPStatus.FORBIDDEN)
    if any(len(value) > LONGEST.get(name, len(value)) for name, value in request.form.items(multi=True)):
        abort(HTTPStatus.NOT_FOUND)
    if any("\0" in value for name, value in request.values.items(multi=True) if name != FREE_TEXT):
        abort(HTTPStatus.NOT_FOUND)


@blueprint.errorhandler(LockTimeout)
def lock_timeout(_error: LockTimeout) -> Response:
    """On the phone: "one moment", and the same question again. For a status report: come back later."""
    if SPOKEN.intersection(request.path.split("/")):
        return one_moment_again()
    return Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "1"})


@blueprint.errorhandler(OperationalError)
def database_refused(error: OperationalError) -> Response:
    """A lock of any kind counts, also one that an insert waits for."""
    if was_a_lock(error):
        db.session.rollback()
        return lock_timeout(LockTimeout())
    raise error


@blueprint.errorhandler(IntegrityError)
def client_was_rung_meanwhile(error: IntegrityError) -> Response:
    """Clients who share a phone share no lock. The loser of the race retries, and then finds the phone busy."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None and diagnosis.constraint_name == ONE_CALL_PER_CLIENT:
        db.session.rollback()
        return one_moment_again()
    raise error


@blueprint.post("/<path:_anything>")
def unknown(_anything: str) -> Response:
    """Nothing is at this address; said only to the carrier, since the guard comes first."""
    abort(HTTPStatus.NOT_FOUND)


def call_or_404(call_id: UUID, *, to_claim: bool = False) -> CallRef:
    """The call a hook was made for. A signed request for one call, or for a leg of it, does nothing to another."""
    ref = find_call(db.session(), call_id, to_claim=to_claim)
    of_call = request.form.get("ParentCallSid") or request.form.get("CallSid")
    if ref is None or ref.sid not in (None, of_call):
        abort(HTTPStatus.NOT_FOUND)
    speak(ref.language)
    return ref


def call_of_client_or_404(call_id: UUID) -> CallRef:
    """The call whose client's leg this is about. A report of machine detection names the leg alone."""
    ref = find_call(db.session(), call_id)
    if ref is None or request.form.get("ParentCallSid", ref.sid) != ref.sid:
        abort(HTTPStatus.NOT_FOUND)
    known = db.session.scalar(select(Call.client_sid).where(Call.id == call_id))
    if known is not None and known != request.form.get("CallSid"):
        abort(HTTPStatus.NOT_FOUND)
    return ref


def _signature_check() -> SignatureCheck:
    """Made once for the app being served."""
    made = current_app.extensions.get("signature_check")
    if not isinstance(made, SignatureCheck):
        settings = runtime().settings
        made = SignatureCheck(settings.twilio_auth_tokens, settings.public_url)
        current_app.extensions["signature_check"] = made
    return made
