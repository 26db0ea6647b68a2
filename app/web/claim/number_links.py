"""The links of a change of number: make it the agent's own, or take it back. A GET shows a button, the POST does it."""

from http import HTTPStatus
from typing import NoReturn
from uuid import UUID

from flask import Response, abort, make_response, render_template
from sqlalchemy import select

from app.core.clock import now
from app.core.language import gettext as _
from app.core.language import speak
from app.core.runtime import Purpose, runtime
from app.extensions import db
from app.numbers.keep import (
    Kept,
    LinkExpired,
    Reverted,
    Taken,
    confirmable,
    keep_number,
    revert_number,
    revertible,
)
from app.numbers.models import NumberChange
from app.people.models import Agent
from app.web import blueprint
from app.web.claim.number import CANNOT_BE_USED


@blueprint.get("/n/<token>")
def confirm_number(token: str) -> Response:
    """Asks whether the new phone is to be the agent's own. Opening it changes nothing."""
    change = confirmable(db.session(), change_id=_change_id(Purpose.NUMBER_CONFIRM, token), at=now())
    if change is None:
        _used_up()
    return make_response(render_template("web/confirm_number.html", change=change, token=token))


@blueprint.post("/n/<token>")
def use_confirm_link(token: str) -> Response:
    """Makes it their own."""
    result = keep_number(db.session(), change_id=_change_id(Purpose.NUMBER_CONFIRM, token), at=now())
    if isinstance(result, Kept):
        db.session.commit()
        return _done(result.phone, _("It is your number for all referrals now."))
    return _no(result)


@blueprint.get("/r/<token>")
def revert_number_page(token: str) -> Response:
    """Asks whether the change is to be taken back. Opening it changes nothing."""
    change = revertible(db.session(), change_id=_change_id(Purpose.NUMBER_REVERT, token), at=now())
    if change is None:
        _used_up()
    return make_response(render_template("web/revert_number.html", change=change, token=token))


@blueprint.post("/r/<token>")
def use_revert_link(token: str) -> Response:
    """Takes it back."""
    result = revert_number(db.session(), change_id=_change_id(Purpose.NUMBER_REVERT, token), at=now())
    if isinstance(result, Reverted):
        db.session.commit()
        result.outbox.enqueue(runtime().queue)
        return _done(result.phone, _("That is your number again. The other phone is not called any more."))
    return _no(result)


def _done(phone: str, words: str) -> Response:
    return make_response(render_template("web/number_done.html", phone=phone, words=words))


def _no(result: Taken | LinkExpired) -> Response:
    db.session.rollback()
    if isinstance(result, LinkExpired):
        _used_up()
    page = render_template("error.html", title=_(CANNOT_BE_USED), words=_("Sign in, or ask your network about it."))
    return make_response(page, HTTPStatus.CONFLICT)


def _change_id(purpose: Purpose, token: str) -> UUID:
    change_id = runtime().signer.verify(purpose, token)
    if change_id is None:
        abort(HTTPStatus.NOT_FOUND)
    query = select(Agent.language).join(NumberChange, NumberChange.agent_id == Agent.id)
    speak(db.session.scalar(query.where(NumberChange.id == change_id)))
    return change_id


def _used_up() -> NoReturn:
    abort(HTTPStatus.GONE)
