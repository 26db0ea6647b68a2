"""Passkeys: signing in with one, and adding one's own. What a browser sends and gets is JSON."""

from http import HTTPStatus
from uuid import UUID

import structlog
from flask import Response, abort, jsonify, redirect, request, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response as AnyResponse

from app.access.passkeys import NotAccepted, Passkeys, remove_passkey, site_of
from app.access.second_factor import has_second_factor, prove
from app.core.clock import now
from app.core.limits import Limit
from app.core.runtime import runtime
from app.core.urls import local_path
from app.extensions import db
from app.http import session
from app.http.devices import device_name
from app.http.visitor import visitor
from app.web import blueprint
from app.web.sign_in import home_of_account

log = structlog.get_logger()
LONGEST_NAME = 60


@blueprint.app_template_global()
def passkeys_possible() -> bool:
    """Whether this site can have them: not at a bare IP address."""
    return _passkeys() is not None


@blueprint.post("/sign-in/passkey/options")
def passkey_options() -> Response:
    """What to ask the device for."""
    return _json(_passkeys_or_404().to_sign_in(now()))


@blueprint.post("/sign-in/passkey")
def sign_in_by_passkey() -> tuple[Response, int] | Response:
    """Signs in whoever's key has answered, and says where to go."""
    passkeys, body = _passkeys_or_404(), request.get_json(silent=True)
    if not isinstance(body, dict) or not runtime().limits.allow(Limit.PASSKEYS_PER_VISITOR, visitor()):
        return _refused()
    try:
        account = passkeys.sign_in(db.session(), answer=body.get("answer"), at=now())
    except NotAccepted:
        db.session.rollback()
        log.warning("sign_in_refused", reason="passkey")
        return _refused()
    session.sign_in(account, now(), proven=True)
    to, account_id = local_path(body.get("next")) or home_of_account(account), str(account.id)
    db.session.commit()
    log.info("signed_in", account_id=account_id, by="passkey")
    return jsonify(to=to)


@blueprint.post("/me/passkeys/options")
@login_required
def new_passkey_options() -> Response:
    """What to ask this device for, so that it makes a key."""
    _only_its_owner()
    name = current_user.agent.name if current_user.agent is not None else current_user.email
    return _json(_passkeys_or_404().to_add(db.session(), account=current_user, name=name, at=now()))


@blueprint.post("/me/passkeys")
@login_required
def add_passkey() -> tuple[Response, int] | Response:
    """Keeps the key that this device has made."""
    _only_its_owner()
    passkeys, body = _passkeys_or_404(), request.get_json(silent=True)
    device = device_name(request.headers.get("User-Agent", ""))[:LONGEST_NAME]
    try:
        answer = body.get("answer") if isinstance(body, dict) else None
        passkeys.add(db.session(), account=current_user, answer=answer, device=device, at=now())
    except NotAccepted:
        db.session.rollback()
        return _refused()
    prove(db.session(), signed_in_id=current_user.signed_in_id, at=now())
    db.session.commit()
    return jsonify(to=_where_passkeys_are())


@blueprint.post("/me/passkeys/<uuid:passkey_id>/remove")
@login_required
def forget_passkey(passkey_id: UUID) -> AnyResponse:
    """That key signs nobody in any more."""
    _only_its_owner()
    if not remove_passkey(db.session(), account_id=current_user.id, passkey_id=passkey_id):
        abort(HTTPStatus.NOT_FOUND)
    db.session.commit()
    return redirect(_where_passkeys_are(), HTTPStatus.SEE_OTHER)


def _where_passkeys_are() -> str:
    """The page that shows them: the agent's own, or the desk's."""
    return url_for("web.me", _anchor="passkeys") if current_user.agent is not None else url_for("admin.people")


def _only_its_owner() -> None:
    """Of somebody at the desk who has a second factor: only after it. A mailed link alone makes no key of theirs."""
    if current_user.agent is None and not current_user.sees_desk:
        abort(HTTPStatus.NOT_FOUND)
    if not current_user.sees_desk or current_user.is_proven:
        return
    if has_second_factor(db.session(), account=current_user):
        abort(HTTPStatus.FORBIDDEN)


def _passkeys() -> Passkeys | None:
    here = runtime()
    site = site_of(here.settings.public_url, here.settings.brand_name)
    return Passkeys(site, here.sealer) if site is not None else None


def _passkeys_or_404() -> Passkeys:
    return _passkeys() or abort(HTTPStatus.NOT_FOUND)


def _json(text: str) -> Response:
    return Response(text, content_type="application/json")


def _refused() -> tuple[Response, int]:

    return jsonify(field="answer"), HTTPStatus.UNPROCESSABLE_ENTITY
