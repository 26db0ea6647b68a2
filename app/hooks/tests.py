"""Test calls: the key that shows that a call arrives, and how the call ended."""

from uuid import UUID

from flask import Response, abort, request

from app.core.clock import now
from app.extensions import db
from app.flows.test_call import ASKED, find_test_call, heard_the_key, test_call_ended, test_call_twiml
from app.hooks import blueprint
from app.hooks.answers import KEY, VOICE, nothing, twiml, words
from app.hooks.guard import notification_id_or_404
from app.providers.twiml import say_and_hang_up

WORKS = "1"
REPEATS = 2
"""How often it asks again before it says goodbye, as the menu of a referral does."""


@blueprint.post("/tests/<raw_id>/key")
def test_key(raw_id: str) -> Response:
    """A key, or none in time."""
    notification_id = _test_or_404(raw_id)
    if request.form.get(KEY) == WORKS:
        heard_the_key(db.session(), notification_id=notification_id, at=now())
        db.session.commit()
        return twiml(say_and_hang_up(words("test_ok"), voice=VOICE))
    asked = request.args.get(ASKED, 1, type=int)
    if asked <= REPEATS:
        return twiml(test_call_twiml(notification_id, asked=asked + 1))
    return twiml(say_and_hang_up(words("test_goodbye"), voice=VOICE))


@blueprint.post("/tests/<raw_id>/status")
def test_status(raw_id: str) -> Response:
    """What became of the call."""
    notification_id = _test_or_404(raw_id)
    status = request.form.get("CallStatus", "")
    test_call_ended(db.session(), notification_id=notification_id, status=status, at=now())
    db.session.commit()
    return nothing()


def _test_or_404(raw_id: str) -> UUID:
    notification_id, sid = notification_id_or_404(raw_id), request.form.get("CallSid", "")
    if not sid or find_test_call(db.session(), notification_id, sid=sid) is None:
        abort(404)
    return notification_id
