"""Texts to our number."""

from http import HTTPStatus

from flask import Response, abort, render_template, request

from app.clients.gate import gate_of
from app.core.clock import now
from app.core.errors import LockTimeout
from app.core.runtime import runtime
from app.core.urls import links
from app.extensions import db
from app.hooks.twilio import blueprint
from app.hooks.twilio.answers import twiml
from app.inbound.replies import Replies
from app.inbound.sms import Incoming, TextRead, defer, read_text
from app.providers.twilio import twiml as documents

LONGEST_SID = 34
TRIES = 3
"""The carrier does not bring a text again that it got a 503 for, and waits 15 s for an answer: so we wait here."""


@blueprint.post("/sms")
def sms() -> Response:
    """Somebody texts our number; what is answered goes back as a text."""
    form = request.form
    text = Incoming(
        sid=form.get("MessageSid", ""),
        phone=form.get("From", ""),
        body=form.get("Body", ""),
        opt_out_type=form.get("OptOutType", ""),
    )
    if not 0 < len(text.sid) <= LONGEST_SID or not text.phone:
        abort(HTTPStatus.NOT_FOUND)
    result = _read(text)
    db.session.commit()
    result.outbox.enqueue(runtime().queue)
    return twiml(documents.reply(result.answer))


def _read(text: Incoming) -> TextRead:
    here = runtime()
    replies = Replies(render_template, links(here), here.settings.brand_name)
    for _ in range(TRIES):
        try:
            return read_text(
                db.session(),
                text=text,
                replies=replies,
                keys=gate_of(here.settings).keys,
                at=now(),
                ring_seconds=here.settings.ring_seconds,
            )
        except LockTimeout:
            continue
    return defer(db.session(), text=text, replies=replies, at=now())
