"""A message says that it has arrived: the service worker that shows it, or a tap on the button in a test."""

from http import HTTPStatus

from flask import Response, abort, make_response, render_template, request

from app.core.clock import now
from app.core.language import speak
from app.core.runtime import Purpose, runtime
from app.extensions import db
from app.notifications.models import Notification
from app.notifications.reach.arrival import arrival_of, mark_arrived
from app.notifications.wording.values import language_of
from app.web import blueprint


@blueprint.get("/a/<token>")
def arrived_page(token: str) -> Response:
    """One button. Opening it changes nothing: mail scanners do."""
    return make_response(render_template("web/arrived.html", message=_message(token), token=token, done=False))


@blueprint.post("/a/<token>")
def arrived(token: str) -> Response:
    """It has arrived. A script gets no page."""
    message = _message(token)
    mark_arrived(db.session(), message=message, at=now())
    db.session.commit()
    if "text/html" not in request.headers.get("Accept", ""):
        return Response(status=HTTPStatus.NO_CONTENT)
    return make_response(render_template("web/arrived.html", message=message, token=token, done=True))


def _message(token: str) -> Notification:
    id_ = runtime().signer.verify(Purpose.ARRIVED, token)
    message = arrival_of(db.session(), id_) if id_ is not None else None
    if message is None:
        abort(HTTPStatus.NOT_FOUND)
    speak(language_of(db.session(), message))
    return message
