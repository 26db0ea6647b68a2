"""Texts to our number."""

from flask import Response, abort, render_template, request

from app.core.clock import now
from app.core.errors import LockTimeout
from app.core.ground import ground
from app.extensions import db
from app.flows.addresses import links
from app.flows.read_text import Incoming, TextRead, put_off, read_text
from app.flows.text_replies import Replies
from app.hooks import blueprint
from app.hooks.answers import twiml
from app.providers import twiml as documents

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
        abort(404)
    result = _read(text)
    db.session.commit()
    result.after.enqueue(ground().queue)
    return twiml(documents.reply(result.answer))


def _read(text: Incoming) -> TextRead:
    here = ground()
    replies = Replies(render_template, links(here), here.settings.brand_name)
    for _ in range(TRIES):
        try:
            return read_text(
                db.session(), text=text, replies=replies, at=now(), ring_seconds=here.settings.ring_seconds
            )
        except LockTimeout:
            continue
    return put_off(db.session(), text=text, replies=replies, at=now())
