"""What a mail provider, or our own mail server, hands back: reports of mails that could not be delivered."""

import hmac

from flask import Blueprint, Response, abort, request

from app.core.clock import now
from app.core.ground import ground
from app.extensions import db
from app.flows.bounce import receive_bounce
from app.hooks.answers import nothing
from app.providers.bounces import read_bounce

blueprint = Blueprint("mail_hooks", __name__)


@blueprint.before_request
def only_with_the_key() -> None:
    """401 unless the password is MAIL_HOOK_KEY; 404 while there is none."""
    key, given = ground().settings.mail_hook_key, request.authorization
    if not key:
        abort(404)
    password = (given.password if given is not None else None) or ""
    if not hmac.compare_digest(password.encode(), key.encode()):
        abort(Response(status=401, headers={"WWW-Authenticate": 'Basic realm="bounces"'}))


@blueprint.post("/bounces")
def bounces() -> Response:
    """One report, as the raw mail. What is no report of a mail of ours is taken all the same, and forgotten."""
    bounce = read_bounce(request.get_data())
    if bounce is not None:
        receive_bounce(db.session(), bounce=bounce, at=now())
        db.session.commit()
    return nothing()
