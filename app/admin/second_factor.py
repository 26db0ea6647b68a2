"""The second factor of those at the desk: asked for, set up, renewed."""

from http import HTTPStatus

import segno
import structlog
from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app.access.second_factor import (
    accept_second_factor,
    add_authenticator,
    has_second_factor,
    new_recovery_codes,
    new_secret,
    prove,
    recovery_codes_left,
    remove_authenticator,
    setup_address,
)
from app.admin import blueprint
from app.core.clock import now
from app.core.limits import Limit
from app.core.runtime import runtime
from app.core.urls import local_path
from app.extensions import db

log = structlog.get_logger()

WRONG = "That code doesn't work. Codes of the app change every 30 seconds, and each code counts once."
TOO_MANY = "Those were too many wrong codes. Try again in an hour."


@blueprint.get("/second-factor")
def second_factor() -> str:
    """Asks for it, or has one set up."""
    if current_user.is_proven or not has_second_factor(db.session(), account=current_user):
        return _set_up_page()
    return _ask_page()


@blueprint.post("/second-factor")
def give_second_factor() -> AnyResponse:
    """A code of the app, or a recovery code."""
    here, session = runtime(), db.session()
    if here.limits.spent(Limit.SECOND_FACTORS_PER_ACCOUNT, str(current_user.id)):
        return make_response(_ask_page(TOO_MANY), HTTPStatus.TOO_MANY_REQUESTS)
    typed = request.form.get("code", "")[:40]
    if not accept_second_factor(session, account=current_user, typed=typed, vault=here.vault, at=now()):
        session.rollback()
        here.limits.allow(Limit.SECOND_FACTORS_PER_ACCOUNT, str(current_user.id))
        log.warning("second_factor_refused")
        return make_response(_ask_page(WRONG), HTTPStatus.UNPROCESSABLE_ENTITY)
    prove(session, signed_in_id=current_user.signed_in_id, at=now())
    session.commit()
    return redirect(_next(), HTTPStatus.SEE_OTHER)


@blueprint.post("/second-factor/app")
def set_up_authenticator() -> AnyResponse:
    """The app has read the picture, and shows a code. With another factor set up already, that one comes first."""
    here, session = runtime(), db.session()
    if not current_user.is_proven and has_second_factor(session, account=current_user):
        abort(HTTPStatus.FORBIDDEN)
    secret, typed = here.sealer.open(request.form.get("secret", "")), request.form.get("code", "")[:40]
    if secret is None:
        return redirect(url_for("admin.second_factor", next=_next()), HTTPStatus.SEE_OTHER)
    if not add_authenticator(session, account=current_user, secret=secret, typed=typed, vault=here.vault, at=now()):
        session.rollback()
        return make_response(_set_up_page(secret, WRONG), HTTPStatus.UNPROCESSABLE_ENTITY)
    prove(session, signed_in_id=current_user.signed_in_id, at=now())
    left = recovery_codes_left(session, account=current_user)
    codes = [] if left else new_recovery_codes(session, account=current_user, at=now())
    session.commit()
    return _codes_page(codes) if codes else redirect(url_for("admin.people"), HTTPStatus.SEE_OTHER)


@blueprint.post("/second-factor/app/remove")
def drop_authenticator() -> AnyResponse:
    """The app is a second factor no more."""
    remove_authenticator(db.session(), account=current_user)
    db.session.commit()
    return redirect(url_for("admin.people"), HTTPStatus.SEE_OTHER)


@blueprint.post("/second-factor/codes")
def make_recovery_codes() -> AnyResponse:
    """Ten new recovery codes, shown this once."""
    codes = new_recovery_codes(db.session(), account=current_user, at=now())
    db.session.commit()
    return _codes_page(codes)


def _next() -> str:
    return local_path(request.values.get("next")) or url_for("admin.referrals")


def _ask_page(wrong: str | None = None) -> str:
    return render_template("admin/second_factor.html", next_path=_next(), wrong=wrong)


def _set_up_page(secret: str | None = None, wrong: str | None = None) -> str:
    here = runtime()
    secret = secret or new_secret()
    address = setup_address(secret, email=current_user.email, brand=here.settings.brand_name)
    return render_template(
        "admin/second_factor_setup.html",
        next_path=_next(),
        picture=_picture(address),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        sealed=here.sealer.seal(secret),
        wrong=wrong,
    )


def _codes_page(codes: list[str]) -> Response:
    return make_response(render_template("admin/recovery_codes.html", codes=codes, next_path=_next()))


def _picture(address: str) -> Markup:
    return Markup(segno.make(address, error="m").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None))
