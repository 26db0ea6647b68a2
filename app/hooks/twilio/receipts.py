"""Receipts of messages we sent."""

from http import HTTPStatus
from uuid import UUID

from flask import Response, abort, request

from app.core.clock import now
from app.extensions import db
from app.hooks.twilio import blueprint
from app.hooks.twilio.answers import nothing
from app.notifications.delivery.receipts import Reported, is_about, receive_receipt


@blueprint.post("/messages/<uuid:notification_id>")
def receipt(notification_id: UUID) -> Response:
    """What became of one SMS."""
    session, form = db.session(), request.form
    notification = is_about(session, notification_id)
    sid = form.get("MessageSid", "")
    if notification is None or not sid:
        abort(HTTPStatus.NOT_FOUND)
    reported = Reported(
        sid,
        form.get("MessageStatus", "")[:20],
        form.get("ErrorCode"),
        form.get("To", ""),
        request.args.get("attempt", type=int),
    )
    receive_receipt(session, notification=notification, reported=reported, at=now())
    session.commit()
    return nothing()
