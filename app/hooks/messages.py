"""Receipts of messages we sent."""

from flask import Response, abort, request

from app.core.clock import now
from app.extensions import db
from app.hooks import blueprint
from app.hooks.answers import nothing
from app.hooks.guard import notification_id_or_404
from app.notify.models import Notification
from app.notify.service import record_receipt


@blueprint.post("/messages/<raw_id>")
def receipt(raw_id: str) -> Response:
    """What became of one SMS."""
    notification_id = notification_id_or_404(raw_id)
    found = db.session.get(Notification, notification_id)
    sid = request.form.get("MessageSid", "")
    if found is None or found.provider_id not in (None, sid) or not sid:
        abort(404)
    record_receipt(
        db.session(),
        notification_id=notification_id,
        provider_id=sid,
        status=request.form.get("MessageStatus", "")[:20],
        error_code=request.form.get("ErrorCode"),
        at=now(),
    )
    db.session.commit()
    return nothing()
