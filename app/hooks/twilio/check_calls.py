"""Test calls: the key that shows that a call arrives, and how the call ended."""

from http import HTTPStatus
from uuid import UUID

from flask import Response, abort, render_template, request

from app.core.clock import now
from app.core.language import speak
from app.core.runtime import runtime
from app.core.urls import check_call_url
from app.extensions import db
from app.hooks.twilio import blueprint
from app.hooks.twilio.answers import KEY, nothing, twiml, words
from app.notifications.reach.check_call import check_call_ended, find_check_call, pass_check
from app.notifications.wording.values import language_of
from app.notifications.wording.voice import ASKED, check_call_twiml, speaker
from app.providers.twilio.twiml import say_and_hang_up

WORKS = "1"
REPEATS = 2
"""How often it asks again before it says goodbye, as the menu of a referral does."""


@blueprint.post("/tests/<uuid:notification_id>/key")
def test_key(notification_id: UUID) -> Response:
    """A key, or none in time."""
    _test_or_404(notification_id)
    if request.form.get(KEY) == WORKS:
        pass_check(db.session(), notification_id=notification_id, at=now())
        db.session.commit()
        return twiml(say_and_hang_up(words("test_ok"), voice=speaker()))
    asked = request.args.get(ASKED, 1, type=int)
    if asked <= REPEATS:
        return twiml(_asks(notification_id, asked=asked + 1))
    return twiml(say_and_hang_up(words("test_goodbye"), voice=speaker()))


@blueprint.post("/tests/<uuid:notification_id>/status")
def test_status(notification_id: UUID) -> Response:
    """What became of the call."""
    _test_or_404(notification_id)
    status = request.form.get("CallStatus", "")
    check_call_ended(db.session(), notification_id=notification_id, status=status, at=now())
    db.session.commit()
    return nothing()


def _test_or_404(notification_id: UUID) -> None:
    sid = request.form.get("CallSid", "")
    found = find_check_call(db.session(), notification_id, sid=sid) if sid else None
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    speak(language_of(db.session(), found))


def _asks(notification_id: UUID, *, asked: int) -> str:
    here = runtime()
    key_url = check_call_url(here, notification_id, "key")
    return check_call_twiml(render_template, brand=here.settings.brand_name, key_url=key_url, asked=asked)
