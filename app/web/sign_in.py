"""Signing in by an emailed link: its GET shows a button, its POST signs in, so that mail scanners spend nothing."""

from typing import NoReturn
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from app.core.clock import now
from app.core.ground import Purpose, ground
from app.core.limits import Limit
from app.extensions import db
from app.flows.after import After
from app.flows.ask_sign_in import ask_sign_in
from app.flows.push_browsers import sign_out_browser
from app.people.rules import NotUsable, parse_email
from app.people.signin import spend_link, usable_link
from app.web import blueprint
from app.web.push import forget_own_subscription

GONE = 410
TOO_MANY = 429


@blueprint.get("/sign-in")
def sign_in() -> str:
    """Asks for an email address."""
    return render_template("web/sign_in.html", next_path=local_path(request.args.get("next")), wrong=None, email="")


@blueprint.post("/sign-in")
def ask_for_link() -> Response:
    """Sends a link, if there is such an account; the answer is the same for everybody."""
    _refuse_too_many()
    next_path = local_path(request.form.get("next"))
    try:
        email = parse_email(request.form.get("email", ""))
    except NotUsable as error:
        typed = request.form.get("email", "")
        page = render_template("web/sign_in.html", next_path=next_path, wrong=str(error), email=typed)
        return make_response(page, 422)
    notification_id = ask_sign_in(db.session(), email=email, next_path=next_path, at=now())
    db.session.commit()
    if notification_id is not None:
        After(notifications=(notification_id,)).enqueue(ground().queue)
    return make_response(render_template("web/link_sent.html", email=email))


@blueprint.get("/sign-in/<token>")
def confirm_sign_in(token: str) -> Response:
    """A page with one button. Opening it changes nothing."""
    if usable_link(db.session(), _link_id(token), now()) is None:
        return _used_up()
    return make_response(render_template("web/confirm_sign_in.html", token=token))


@blueprint.post("/sign-in/<token>")
def use_link(token: str) -> AnyResponse:
    """Signs in, once."""
    link = spend_link(db.session(), _link_id(token), now())
    if link is None:
        return _used_up()
    login_user(link.account, remember=True)
    home = url_for("admin.referrals") if link.account.is_admin and not link.account.agent else "/referrals"
    target = link.next_path or home
    db.session.commit()
    return redirect(target, 303)


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse:
    """Signs this browser out; it gets no more push messages."""
    subscription_id = forget_own_subscription()
    if subscription_id is not None:
        sign_out_browser(db.session(), subscription_id=subscription_id, at=now())
        db.session.commit()
    logout_user()
    return redirect(url_for("web.sign_in"), 303)


def local_path(raw: str | None) -> str | None:
    """`raw` if it is a path of ours to go to after signing in, else None."""
    if not raw or not raw.startswith("/") or raw.startswith(("//", "/\\")) or len(raw) > 200:  # noqa: PLR2004
        return None
    return raw if raw.isprintable() else None


def _refuse_too_many() -> None:
    limits, typed = ground().limits, request.form.get("email", "").strip().lower()
    per_visitor = limits.allow(Limit.SIGN_IN_LINKS_PER_VISITOR, request.remote_addr or "")
    if not (per_visitor and limits.allow(Limit.SIGN_IN_LINKS_PER_ADDRESS, typed)):
        abort(TOO_MANY)


def _link_id(token: str) -> UUID:
    link_id = ground().signer.verify(Purpose.SIGN_IN, token)
    if link_id is None:
        abort(404)
    return link_id


def _used_up() -> NoReturn:
    abort(GONE)
