"""Not your number: the pages behind an offer's link that take another phone, and the code sent to it."""

import re
from http import HTTPStatus
from typing import NoReturn

from flask import Response, abort, make_response, redirect, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.claims.page import ClaimView
from app.core.clock import now
from app.core.contact import NotUsable, parse_phone
from app.core.language import gettext as _
from app.core.language import mark, ngettext
from app.core.limits import Limit
from app.core.runtime import runtime
from app.extensions import db
from app.http.visitor import visitor
from app.notifications.channels.rules import Channel
from app.numbers.change import (
    Changed,
    CodeSent,
    Refusal,
    TooSoon,
    WrongCode,
    ask_number,
    enter_code,
    send_again,
)
from app.numbers.rules import newest_change, wait_seconds
from app.people.models import Agent
from app.web import blueprint
from app.web.claim.link import linked_offer_id, linked_view
from app.web.claim.page import is_open

SIX_DIGITS = re.compile(r"[0-9]{6}")
SPACERS = re.compile(r"[\s-]")
CANNOT_BE_USED = mark("This number can't be used.")
TOO_MANY_CODES = mark("Those were a lot of codes. Try again in an hour, or ask your network to change the number.")
WORDS = {
    Refusal.SAME: mark("This is already the number we call."),
    Refusal.TAKEN: CANNOT_BE_USED,
    Refusal.TAKEN_BACK: mark("A change by this link was taken back. Sign in to change the number."),
    Refusal.NO_CODE: mark("That code doesn't work any more. Begin again."),
    Refusal.TOO_OLD: mark("That code was good for ten minutes. Begin again."),
}


@blueprint.get("/o/<token>/number")
def which_number(token: str) -> Response:
    """Asks for another phone."""
    return _ask_phone(token, _changeable(token))


@blueprint.post("/o/<token>/number")
def new_number(token: str) -> AnyResponse:
    """Sends a code to it."""
    view, typed = _changeable(token), request.form.get("phone", "")
    settings = runtime().settings
    try:
        phone = parse_phone(typed, settings.countries)
    except NotUsable as error:
        return _ask_phone(token, view, typed, str(error))
    if _too_many(view):
        return _ask_phone(token, view, typed, _(TOO_MANY_CODES), HTTPStatus.TOO_MANY_REQUESTS)
    if phone in (settings.twilio_call_from, settings.twilio_sms_from):
        return _ask_phone(token, view, typed, _(CANNOT_BE_USED))
    result = ask_number(db.session(), offer_id=view.offer_id, phone=phone, own=_is_own(view), at=now())
    if isinstance(result, CodeSent | Changed):
        db.session.commit()
        result.outbox.enqueue(runtime().queue)
        return redirect(
            f"/o/{token}/number/code" if isinstance(result, CodeSent) else f"/o/{token}", HTTPStatus.SEE_OTHER
        )
    return _refuse(token, view, result.why, typed)


@blueprint.get("/o/<token>/number/code")
def which_code(token: str) -> AnyResponse:
    """Asks for the code."""
    return _ask_code(token, _changeable(token))


@blueprint.post("/o/<token>/number/code")
def code(token: str) -> AnyResponse:
    """Takes the code; the right one leads back to the claim page."""
    view = _changeable(token)
    typed = SPACERS.sub("", request.form.get("code", ""))
    if not SIX_DIGITS.fullmatch(typed):
        return _ask_code(token, view, _("The code has six digits."))
    result = enter_code(db.session(), offer_id=view.offer_id, code=typed, own=_is_own(view), at=now())
    if isinstance(result, WrongCode):
        db.session.commit()
        if result.tries_left:
            return _ask_code(token, view, _that_was_not_it(result.tries_left))
        return _ask_phone(token, view, wrong=_("Those were five wrong codes. Begin again, with a new one."))
    if isinstance(result, Changed):
        db.session.commit()
        result.outbox.enqueue(runtime().queue)
        return redirect(f"/o/{token}", HTTPStatus.SEE_OTHER)
    return _refuse(token, view, result.why)


@blueprint.get("/o/<token>/number/again")
@blueprint.get("/o/<token>/number/call")
def back_to_code(token: str) -> AnyResponse:
    """A tab that is loaded again after what it sent was refused: to where the code is typed."""
    linked_offer_id(token)
    return redirect(f"/o/{token}/number/code", HTTPStatus.SEE_OTHER)


@blueprint.post("/o/<token>/number/again")
def code_again(token: str) -> AnyResponse:
    """Sends the code again."""
    return _again(token, Channel.SMS)


@blueprint.post("/o/<token>/number/call")
def code_by_call(token: str) -> AnyResponse:
    """Rings the new phone and reads the code out."""
    return _again(token, Channel.VOICE)


def _again(token: str, channel: Channel) -> AnyResponse:
    view = _changeable(token)
    if _too_many(view):
        return _ask_code(token, view, _(TOO_MANY_CODES), HTTPStatus.TOO_MANY_REQUESTS)
    result = send_again(db.session(), offer_id=view.offer_id, channel=channel, at=now())
    if isinstance(result, TooSoon):
        db.session.rollback()
        wait = _("It is on its way. You can ask again in %(seconds)s s.", seconds=result.seconds)
        return _ask_code(token, view, wait, HTTPStatus.TOO_MANY_REQUESTS)
    if isinstance(result, CodeSent):
        db.session.commit()
        result.outbox.enqueue(runtime().queue)
        return redirect(f"/o/{token}/number/code", HTTPStatus.SEE_OTHER)
    return _refuse(token, view, result.why)


def _ask_phone(
    token: str,
    view: ClaimView,
    typed: str = "",
    wrong: str | None = None,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    page = render_template(
        "web/number.html", view=view, url=f"/o/{token}", typed=typed, wrong=wrong, is_own=_is_own(view)
    )
    return make_response(page, status if wrong else HTTPStatus.OK)


def _ask_code(
    token: str, view: ClaimView, wrong: str | None = None, status: int = HTTPStatus.UNPROCESSABLE_ENTITY
) -> AnyResponse:
    change, at = newest_change(db.session(), offer_id=view.offer_id), now()
    if change is None or change.code is None or at >= change.expires_at:
        return redirect(f"/o/{token}/number", HTTPStatus.SEE_OTHER)
    page = render_template(
        "web/number_code.html",
        view=view,
        url=f"/o/{token}",
        phone=change.new_phone,
        wrong=wrong,
        seconds_left=int((change.expires_at - at).total_seconds()),
        sms_wait=wait_seconds(change.sent_at, at),
        call_wait=wait_seconds(change.called_at, at),
        called=change.called_at is not None and change.called_at > change.sent_at,
    )
    return make_response(page, status if wrong else HTTPStatus.OK)


def _refuse(token: str, view: ClaimView, why: Refusal, typed: str = "") -> Response:
    db.session.rollback()
    if why is Refusal.OVER:
        _back(token)
    return _ask_phone(token, view, typed, _(WORDS[why]))


def _that_was_not_it(tries_left: int) -> str:
    return ngettext("That is not the code. %(num)s more try.", "That is not the code. %(num)s more tries.", tries_left)


def _changeable(token: str) -> ClaimView:
    """The offer, while it can be acted on; later the claim page says what became of it."""
    view = linked_view(token)
    if not is_open(view):
        _back(token)
    return view


def _back(token: str) -> NoReturn:
    abort(redirect(f"/o/{token}", HTTPStatus.SEE_OTHER))


def _is_own(view: ClaimView) -> bool:
    """Whether this browser is signed in as the offer's agent: then it is the person, too."""
    agent = current_user.agent if current_user.is_authenticated else None
    return isinstance(agent, Agent) and agent.id == view.agent_id


def _too_many(view: ClaimView) -> bool:
    """Counts one code of this agent and of this visitor; whether it is one too many."""
    limits = runtime().limits
    of_agent = limits.allow(Limit.NUMBER_CODES_PER_AGENT, str(view.agent_id))
    return not (of_agent and limits.allow(Limit.NUMBER_CODES_PER_VISITOR, visitor()))
