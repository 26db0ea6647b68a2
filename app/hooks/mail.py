"""What a mail provider, or our own mail server, hands back: reports of mails that could not be delivered."""

import hmac
import threading
from http import HTTPStatus

import structlog
from flask import Blueprint, Response, abort, request

from app.core.clock import now
from app.core.runtime import runtime
from app.extensions import db
from app.hooks.twilio.answers import nothing
from app.notifications.delivery.bounces import is_ours, receive_bounce
from app.providers.smtp.reports import quoted_ids, read_bounce

blueprint = Blueprint("mail_hooks", __name__)
USER = "mail"
log = structlog.get_logger()
READERS = threading.BoundedSemaphore(2)
"""Reports that are read at one time: the other threads are for people."""


@blueprint.before_request
def only_with_the_key() -> None:
    """401 unless it is basic authentication of `mail` with MAIL_HOOK_KEY; 404 while there is none."""
    key, given = runtime().settings.mail_hook_key, request.authorization
    if not key:
        abort(HTTPStatus.NOT_FOUND)
    is_basic = given is not None and given.type == "basic"
    user, password = (given.username or "", given.password or "") if given is not None and is_basic else ("", "")
    if not hmac.compare_digest(f"{user}:{password}".encode(), f"{USER}:{key}".encode()):
        log.warning("hook_refused", hook="mail")
        abort(Response(status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": 'Basic realm="bounces"'}))


@blueprint.post("/bounces")
def bounces() -> Response:
    """One report, as the raw mail. What is no report of a mail of ours is taken all the same, and forgotten."""
    raw, session = request.get_data(), db.session()
    ours = is_ours(session, quoted_ids(raw))
    session.commit()  # no connection is held while the report is read
    if not ours:
        return nothing()
    if not READERS.acquire(blocking=False):
        return Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "30"})
    try:
        bounce = read_bounce(raw)
    finally:
        READERS.release()
    if bounce is not None:
        receive_bounce(session, bounce=bounce, at=now())
        session.commit()
    return nothing()
