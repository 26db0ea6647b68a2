"""Receipts of messages we sent."""

from flask import Response, abort, request

from app.core.clock import now
from app.extensions import db
from app.flows.receipts import Told, is_about, receive_receipt
from app.hooks import blueprint
from app.hooks.answers import nothing
from app.hooks.guard import notification_id_or_404


@blueprint.post("/messages/<raw_id>")
def receipt(raw_id: str) -> Response:
    """What became of one SMS."""
    session, form = db.session(), request.form
    notification = is_about(session, notification_id_or_404(raw_id))
    sid = form.get("MessageSid", "")
    if notification is None or not sid:
        abort(404)
    told = Told(
        sid,
        form.get("MessageStatus", "")[:20],
        form.get("ErrorCode"),
        form.get("To", ""),
        request.args.get("attempt", type=int),
    )
    receive_receipt(session, notification=notification, told=told, at=now())
    session.commit()
    return nothing()
