"""Only the carrier gets in, and a lock that is not to be had is no error but a moment's wait."""

from uuid import UUID

from flask import Response, abort, request

from app.calls.service import CallRef, find_call
from app.core.errors import LockTimeout
from app.core.ids import parse_id
from app.extensions import db
from app.hooks import blueprint
from app.hooks.answers import one_moment_again
from app.providers.access import signature_check

SPOKEN = frozenset({"key", "menu", "bridge", "fallback", "voice", "pin", "forwarded"})
"""Addresses at which somebody is on the line."""


@blueprint.before_request
def only_the_carrier() -> None:
    """403 unless the signature is the carrier's over our public address, the raw query and the form."""
    path = request.path
    if request.query_string:
        path += "?" + request.query_string.decode("latin-1")
    signature = request.headers.get("X-Twilio-Signature", "")
    if not signature_check().accepts(path, request.form, signature):
        abort(403)


@blueprint.errorhandler(LockTimeout)
def lock_timeout(_error: LockTimeout) -> Response:
    """On the phone: "one moment", and the same question again. For a status report: come back later."""
    if request.path.rpartition("/")[2] in SPOKEN:
        return one_moment_again()
    return Response(status=503, headers={"Retry-After": "1"})


def call_or_404(raw_id: str) -> CallRef:
    """The call a hook was made for."""
    call_id = parse_id(raw_id)
    ref = find_call(db.session(), call_id) if call_id is not None else None
    if ref is None:
        abort(404)
    return ref


def notification_id_or_404(raw_id: str) -> UUID:
    """The id of the message a receipt is for."""
    id_ = parse_id(raw_id)
    if id_ is None:
        abort(404)
    return id_
