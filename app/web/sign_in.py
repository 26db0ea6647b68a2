"""Signing in by an emailed link, or by the code beside it.

The link's GET shows a button, its POST signs in, so that mail scanners spend nothing. The code is for whoever reads the
mail elsewhere, and for an app on a home screen, which a link does not open.
"""

import re
import time
from http import HTTPStatus
from typing import NoReturn
from uuid import UUID

import structlog
from flask import Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from app.access.request import request_sign_in, text_code
from app.access.sign_in import spend_link, usable_link
from app.core.clock import now
from app.core.contact import NotUsable, parse_email
from app.core.language import gettext as _
from app.core.language import mark, speak
from app.core.limits import Limit
from app.core.runtime import Purpose, runtime
from app.core.urls import local_path
from app.extensions import db
from app.http import session
from app.http.visitor import visitor
from app.notifications.reach.browsers import sign_out_browser
from app.people.models import Account
from app.web import blueprint
from app.web.portal.push import forget_own_subscription

log = structlog.get_logger()

HOUR = 3600
ANSWER_SECONDS = 0.2
SPACERS = re.compile(r"[\s-]")
WRONG_CODE = mark("That code doesn't work. It is in our newest message to you, and works once, within 30 minutes.")
TOO_MANY_TRIES = mark("Those were too many wrong codes. Use the link in the mail, or ask for a new one.")


@blueprint.get("/sign-in")
def sign_in() -> str:
    """Asks for an email address."""
    return render_template("web/sign_in.html", next_path=local_path(request.args.get("next")), wrong=None, email="")


@blueprint.post("/sign-in")
def ask_for_link() -> Response:
    """Sends a link, if there is such an account; the answer is the same for everybody."""
    next_path = local_path(request.form.get("next"))
    try:
        email = parse_email(request.form.get("email", ""))
    except NotUsable as error:
        typed = request.form.get("email", "")
        page = render_template("web/sign_in.html", next_path=next_path, wrong=str(error), email=typed)
        return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY)
    _refuse_too_many(email)
    began = time.monotonic()
    asked = request_sign_in(db.session(), email=email, next_path=next_path, at=now())
    db.session.commit()
    asked.outbox.enqueue(runtime().queue)
    _hold(began)
    return make_response(code_page(asked.link_id, email))


@blueprint.post("/sign-in/code")
def use_code() -> AnyResponse:
    """Signs in by the code beside the link, typed where the link was asked for."""
    email, key = request.form.get("email", ""), request.form.get("asked", "")
    link_id = runtime().signer.verify(Purpose.SIGN_IN_CODE, key)
    if link_id is None:
        return redirect(url_for("web.sign_in"), HTTPStatus.SEE_OTHER)
    if not runtime().limits.allow(Limit.SIGN_IN_CODES_PER_LINK, str(link_id)):
        log.warning("sign_in_refused", reason="too_many_codes")
        return make_response(code_page(link_id, email, _(TOO_MANY_TRIES)), HTTPStatus.TOO_MANY_REQUESTS)
    typed = SPACERS.sub("", request.form.get("code", ""))
    if not runtime().signer.is_code(Purpose.SIGN_IN, link_id, typed):
        log.warning("sign_in_refused", reason="wrong_code")
        return make_response(code_page(link_id, email, _(WRONG_CODE)), HTTPStatus.UNPROCESSABLE_ENTITY)
    return _signed_in(link_id) or make_response(
        code_page(link_id, email, _(WRONG_CODE)), HTTPStatus.UNPROCESSABLE_ENTITY
    )


@blueprint.post("/sign-in/text")
def text_me_the_code() -> AnyResponse:
    """Texts the code to the agent's own phone, once for a link; the answer is the same for everybody."""
    link_id = runtime().signer.verify(Purpose.SIGN_IN_CODE, request.form.get("asked", ""))
    if link_id is None:
        return redirect(url_for("web.sign_in"), HTTPStatus.SEE_OTHER)
    began = time.monotonic()
    if runtime().limits.allow(Limit.CODE_TEXTS_PER_LINK, str(link_id)):
        outbox = text_code(db.session(), link_id=link_id, at=now())
        db.session.commit()
        outbox.enqueue(runtime().queue)
    _hold(began)
    return make_response(code_page(link_id, request.form.get("email", ""), texted=True))


@blueprint.get("/sign-in/<token>")
def confirm_sign_in(token: str) -> Response:
    """A page with one button. Opening it changes nothing."""
    link = usable_link(db.session(), _link_id(token), now())
    if link is None:
        return _used_up()
    if link.account.agent is not None:
        speak(link.account.agent.language)
    return make_response(render_template("web/confirm_sign_in.html", token=token, email=link.account.email))


@blueprint.post("/sign-in/<token>")
def use_link(token: str) -> AnyResponse:
    """Signs in, once."""
    return _signed_in(_link_id(token)) or _used_up()


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse:
    """Signs this browser out; it gets no more push messages."""
    subscription_id = forget_own_subscription()
    if subscription_id is not None:
        sign_out_browser(db.session(), subscription_id=subscription_id, at=now())
    session.sign_out(now())
    db.session.commit()
    response = redirect(url_for("web.sign_in"), HTTPStatus.SEE_OTHER)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _signed_in(link_id: UUID) -> AnyResponse | None:
    """Where this link leads whoever it signs in; None when it is spent, too old, or not of this account any more."""
    link = spend_link(db.session(), link_id, now())
    if link is None:
        log.warning("sign_in_refused", reason="link_or_code_is_over")
        return None
    session.sign_in(link.account, now())
    target = link.next_path or home_of_account(link.account)
    account_id = str(link.account_id)
    db.session.commit()
    log.info("signed_in", account_id=account_id)
    return redirect(target, HTTPStatus.SEE_OTHER)


def home_of_account(account: Account) -> str:
    """Agents go to their referrals, admins who are none to the desk."""
    return url_for("admin.referrals") if account.sees_desk and not account.agent else "/referrals"


def code_page(link_id: UUID, email: str = "", wrong: str | None = None, *, texted: bool = False) -> str:
    """The page that takes the code. `email` is what was typed, if anything was; nobody's address is told here."""
    asked = runtime().signer.sign(Purpose.SIGN_IN_CODE, link_id)
    return render_template("web/link_sent.html", email=email, asked=asked, wrong=wrong, texted=texted)


def _hold(began: float) -> None:
    """An answer for a known address takes as long as one for an unknown one, which has less to do."""
    time.sleep(max(0.0, began + ANSWER_SECONDS - time.monotonic()))


def _refuse_too_many(email: str) -> None:
    """A visitor's limit never keeps an address from its first link: others may share the visitor's address."""
    limits, address = runtime().limits, email.lower()
    of_visitor = limits.allow(Limit.SIGN_IN_LINKS_PER_VISITOR, visitor())
    first = limits.allow(Limit.FIRST_SIGN_IN_LINK, address)
    if not limits.allow(Limit.SIGN_IN_LINKS_PER_ADDRESS, address) or not (of_visitor or first):
        log.warning("sign_in_refused", reason="too_many_links")
        raise TooManyRequests(_("Those were a lot of sign-in links. Try again in an hour."), retry_after=HOUR)


def _link_id(token: str) -> UUID:
    link_id = runtime().signer.verify(Purpose.SIGN_IN, token)
    if link_id is None:
        abort(HTTPStatus.NOT_FOUND)
    return link_id


def _used_up() -> NoReturn:
    abort(HTTPStatus.GONE)
