"""`/do-not-contact`: numbers we must not call or text."""

from typing import Any

from flask import Response, jsonify

from app.api import blueprint
from app.calls.do_not_contact import do_not_contact
from app.clients.gate import gate_of
from app.clients.schemas import WishSchema
from app.clients.wishes import Source, Wish
from app.core.clock import now
from app.core.runtime import runtime
from app.extensions import db


@blueprint.put("/do-not-contact")
@blueprint.arguments(WishSchema)
def put_do_not_contact(body: dict[str, Any]) -> Response:
    """Adds a phone to the do-not-contact list. Idempotent."""
    here = runtime()
    wish = Wish(body["phone"], Source.API, tuple(body["channels"]))
    outbox = do_not_contact(db.session(), wish=wish, keys=gate_of(here.settings).keys, at=now())
    db.session.commit()
    outbox.enqueue(here.queue)
    return jsonify(phone=wish.phone, channels=list(wish.ways))
