"""The agent's own page: their number, when they are there, what they take, where they are signed in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response as AnyResponse

from app.access.passkeys import passkeys_of
from app.access.sign_in import browsers_of, end_others, end_session_of
from app.core.clock import now
from app.core.errors import FieldError, InvalidInput
from app.core.language import LANGUAGES, mark, ngettext
from app.core.language import gettext as _
from app.core.runtime import runtime
from app.extensions import db
from app.http.forms import load
from app.http.serves_form import serves_shown, serves_typed
from app.notifications.reach.summary import reached_by
from app.offers.service import Window
from app.people.availability import is_paused_by_admin, keep_hours, pause_until, resume, week_of
from app.people.hours import DAYS, Span
from app.people.licences import parse_licence
from app.people.models import Agent
from app.people.schemas import DaySchema, LanguageSchema, MineSchema
from app.people.serves import keep_serves, serves_of
from app.routing.eligibility import Rule
from app.routing.on_duty import offer_what_is_open
from app.routing.passed_by import passed_by
from app.routing.versions import current
from app.terms.service import accepted_at, in_force
from app.web import blueprint
from app.web.portal.current_agent import current_agent

MORNING = 8
STOOD_IN_THE_WAY: dict[Rule, Callable[..., str]] = {
    Rule.THERE: lambda num: ngettext("%(num)s while you were away", "%(num)s while you were away", num),
    Rule.REACHED: lambda num: ngettext(
        "%(num)s because nothing reaches you", "%(num)s because nothing reaches you", num
    ),
    Rule.KIND: lambda num: ngettext("%(num)s of a kind you don't take", "%(num)s of a kind you don't take", num),
    Rule.PRICE: lambda num: ngettext("%(num)s outside your prices", "%(num)s outside your prices", num),
    Rule.LANGUAGE: lambda num: ngettext("%(num)s in another language", "%(num)s in another language", num),
    Rule.LICENCE: lambda num: ngettext(
        "%(num)s in a state without your licence", "%(num)s in states without your licence", num
    ),
    Rule.TERMS: lambda num: ngettext(
        "%(num)s because of the network's terms", "%(num)s because of the network's terms", num
    ),
    Rule.CLIENTS: lambda num: ngettext(
        "%(num)s while you had enough clients", "%(num)s while you had enough clients", num
    ),
    Rule.TODAY: lambda num: ngettext("%(num)s after enough for the day", "%(num)s after enough for the day", num),
}


@blueprint.get("/me")
@login_required
def me() -> str:
    """The page."""
    return _page()


@blueprint.post("/me/pause")
@login_required
def pause_me() -> AnyResponse:
    """No referrals until a time."""
    agent = current_agent()
    until = end_of_pause(request.form.get("until", ""), agent.time_zone)
    try:
        pause_until(db.session(), agent=agent, until=until or now(), at=now())
    except InvalidInput as error:
        return _refused(error)
    db.session.commit()
    return redirect(url_for("web.me"), HTTPStatus.SEE_OTHER)


@blueprint.post("/me/resume")
@login_required
def resume_me() -> AnyResponse:
    """Back again: what is still open comes at once."""
    agent = current_agent()
    if agent.paused_until is not None:
        outbox = offer_what_is_open(
            db.session(), agent=agent, window=Window(runtime().settings.offer_minutes), at=now()
        )
        resume(db.session(), agent=agent)
        db.session.commit()
        outbox.enqueue(runtime().queue)
    return redirect(url_for("web.me"), HTTPStatus.SEE_OTHER)


@blueprint.post("/me")
@login_required
def change_me() -> AnyResponse:
    """What they take, and when they are reminded."""
    agent, typed = current_agent(), request.form
    body = {"takes": typed.getlist("takes"), "first": typed.get("first", ""), "second": typed.get("second", "")}
    try:
        mine = load(MineSchema(), body)
    except InvalidInput as error:
        return _refused(error)
    agent.takes_buyers, agent.takes_sellers = "buyer" in mine["takes"], "seller" in mine["takes"]
    agent.follow_up_first, agent.follow_up_second = mine["first"], mine["second"]
    db.session.commit()
    return redirect(url_for("web.me"), HTTPStatus.SEE_OTHER)


@blueprint.post("/me/serves")
@login_required
def choose_what_i_serve() -> AnyResponse:
    """Which clients are routed to them, where the network leaves it to its agents."""
    session, agent = db.session(), current_agent()
    if not current(session).agents_choose:
        abort(HTTPStatus.NOT_FOUND)
    try:
        typed = serves_typed(request.form)
    except InvalidInput as error:
        return _refused(error)
    keep_serves(session, agent=agent, serves=replace(typed, licences=serves_of(session, agent=agent).licences))
    session.commit()
    return redirect(url_for("web.me", _anchor="serves"), HTTPStatus.SEE_OTHER)


@blueprint.post("/me/language")
@login_required
def choose_language() -> AnyResponse:
    """What their pages, messages and calls speak from now on."""
    try:
        chosen = load(LanguageSchema(), {"language": request.form.get("language", "")})
    except InvalidInput as error:
        return _refused(error)
    current_agent().language = chosen["language"]
    db.session.commit()
    return redirect(url_for("web.me", _anchor="language"), HTTPStatus.SEE_OTHER)


@blueprint.post("/me/hours")
@login_required
def keep_my_hours() -> AnyResponse:
    """The hours of their week."""
    agent, typed, week = current_agent(), request.form, {}
    for day in range(len(DAYS)):
        body = {name: typed.get(f"{name}_{day}", "") for name in ("begins", "ends")}
        if typed.get("any") or not any(body.values()):
            continue
        try:
            week[day] = Span(**load(DaySchema(), body))
        except InvalidInput as error:
            return _refused(InvalidInput(*(FieldError(f"{one.field}_{day}", one.message) for one in error.errors)))
    keep_hours(db.session(), agent=agent, week=week, at=now())
    db.session.commit()
    return redirect(url_for("web.me", _anchor="hours"), HTTPStatus.SEE_OTHER)


@blueprint.post("/me/browsers/<uuid:signed_in_id>/sign-out")
@login_required
def sign_browser_out(signed_in_id: UUID) -> AnyResponse:
    """Signs another browser of theirs out."""
    if not end_session_of(db.session(), account_id=current_agent().account_id, signed_in_id=signed_in_id, at=now()):
        abort(HTTPStatus.NOT_FOUND)
    db.session.commit()
    return redirect(url_for("web.me", _anchor="browsers"), HTTPStatus.SEE_OTHER)


@blueprint.post("/me/browsers/sign-out")
@login_required
def sign_others_out() -> AnyResponse:
    """Signs every other browser of theirs out."""
    end_others(db.session(), account_id=current_agent().account_id, but=current_user.signed_in_id, at=now())
    db.session.commit()
    return redirect(url_for("web.me", _anchor="browsers"), HTTPStatus.SEE_OTHER)


class Pause(StrEnum):
    """How long an agent may want to be away."""

    HOUR = "hour"
    FOUR_HOURS = "four_hours"
    TOMORROW = "tomorrow"
    MONDAY = "monday"


PAUSE_WORDS = {
    Pause.HOUR: mark("1 hour"),
    Pause.FOUR_HOURS: mark("4 hours"),
    Pause.TOMORROW: mark("Until tomorrow, 8 AM"),
    Pause.MONDAY: mark("Until Monday, 8 AM"),
}


@blueprint.app_template_global()
def pauses() -> dict[Pause, str]:
    """Each pause, as its button says it."""
    return {pause: _(words) for pause, words in PAUSE_WORDS.items()}


def end_of_pause(asked: str, time_zone: str) -> datetime | None:
    """Until when an agent in this time zone is away; None: that is no pause."""
    here = now().astimezone(ZoneInfo(time_zone))
    morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    ends = {
        Pause.HOUR: here + timedelta(hours=1),
        Pause.FOUR_HOURS: here + timedelta(hours=4),
        Pause.TOMORROW: morning + timedelta(days=1),
        Pause.MONDAY: morning + timedelta(days=7 - morning.weekday()),
    }
    return next((end for pause, end in ends.items() if pause == asked), None)


def _refused(error: InvalidInput) -> AnyResponse:
    db.session.rollback()
    wrong = {entry.field: entry.message for entry in error.errors}
    return make_response(_page(wrong), HTTPStatus.UNPROCESSABLE_ENTITY)


def _passed_by(agent: Agent) -> list[str]:
    """What stood in the way of how many referrals, the most first."""
    found = passed_by(db.session(), agent_id=agent.id, at=now())
    return [STOOD_IN_THE_WAY[rule](num=count) for rule, count in found.most_common()]


def _page(wrong: dict[str, str] | None = None) -> str:
    agent, holds = current_agent(), in_force(db.session())
    return render_template(
        "web/portal/me.html",
        agent=agent,
        ways=reached_by(db.session(), [agent])[agent.id],
        browsers=browsers_of(db.session(), account_id=agent.account_id, at=now()),
        passkeys=passkeys_of(db.session(), account=agent.account),
        this_browser=current_user.signed_in_id,
        days=DAYS,
        languages=LANGUAGES,
        week=week_of(db.session(), agent_id=agent.id),
        serves={**serves_shown(serves_of(db.session(), agent=agent)), **request.form},
        passed_by=_passed_by(agent),
        terms=holds.terms,
        licences=list(map(parse_licence, agent.licences)),
        agreed_at=accepted_at(db.session(), agent_id=agent.id, agreement_number=holds.agreement_number),
        serves_by_agent=current(db.session()).agents_choose,
        typed=request.form,
        by_admin=is_paused_by_admin(agent),
        wrong=wrong or {},
        at=now(),
    )
