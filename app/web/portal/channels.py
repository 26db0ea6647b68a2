"""How we reach you: each channel, whether it works, what the agent wants of it, and a test for each."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request
from flask import session as visit
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from app.core.clock import now
from app.core.errors import InvalidInput
from app.core.language import gettext as _
from app.core.language import mark
from app.core.limits import Limit
from app.core.queue.outbox import Outbox
from app.core.runtime import runtime
from app.extensions import db
from app.http.forms import load
from app.notifications.channels.rules import Channel
from app.notifications.channels.states import CHOSEN
from app.notifications.reach.preferences import prefer
from app.notifications.reach.send_check import CannotTest, remove_device, send_test, turn_on
from app.notifications.reach.status import reach
from app.people.ring_first import choose_ring_first
from app.people.schemas import RingSchema
from app.web import blueprint
from app.web.portal.channel_cards import Card, card_of
from app.web.portal.current_agent import current_agent

TAG = "HX-PTag"
LATER = "reach_later"
"""In the visit's cookie: not now, they said."""
IN_ORDER = (*CHOSEN, Channel.VOICE)
FIRST_TIME = (Channel.SMS, Channel.EMAIL, Channel.PUSH, Channel.VOICE)
TOO_MANY_TESTS = mark("Those were a lot of tests. Try again in an hour.")
REFUSED = {
    CannotTest.OFF: mark("It is off, so there is nothing to test."),
    CannotTest.NO_CONSENT: mark("You have not agreed to texts yet. Your network can note it."),
    CannotTest.NO_DEVICE: mark("No device takes push yet. Turn it on here first."),
}
CONSENT_SOURCE = "portal"


@blueprint.get("/channels")
@login_required
def channels() -> str:
    """The page; `first=1` leads through it in steps."""
    return _page()


@blueprint.get("/channels/<name>/result")
@login_required
def channel_result(name: str) -> Response:
    """What has become of the newest test of a channel, for polling; 304 while it reads the same."""
    card = _card(_channel_or_404(name))
    tag = request.headers.get(TAG)
    response = Response(status=HTTPStatus.NOT_MODIFIED) if tag == card.tag else make_response(_result(card))
    response.headers[TAG] = card.tag
    return response


@blueprint.post("/channels/<name>/test")
@login_required
def test_channel(name: str) -> AnyResponse:
    """Send me a test; ring my phone."""
    channel, agent = _channel_or_404(name), current_agent()
    if not runtime().limits.allow(Limit.TESTS_PER_AGENT, str(agent.id)):
        return _tested(channel, _(TOO_MANY_TESTS), HTTPStatus.TOO_MANY_REQUESTS)
    sent = send_test(db.session(), agent=agent, channel=channel, at=now())
    if isinstance(sent, CannotTest):
        db.session.rollback()
        return _tested(channel, _(REFUSED[sent]), HTTPStatus.UNPROCESSABLE_ENTITY)
    _commit(sent)
    return _tested(channel)


@blueprint.post("/channels/<name>/on")
@login_required
def turn_channel_on(name: str) -> AnyResponse:
    """Turns a channel on that had died, where that is the agent's to do."""
    channel = _channel_or_404(name)
    outbox = turn_on(db.session(), agent=current_agent(), channel=channel, at=now())
    if outbox is not None:
        _commit(outbox)
    return _back(channel)


@blueprint.post("/channels/<name>/preference")
@login_required
def prefer_channel(name: str) -> AnyResponse:
    """Offers by this channel or not, and when it is to be silent."""
    channel, typed = _channel_or_404(name, CHOSEN), request.form
    hours = {field: typed.get(field, "") for field in ("quiet_from", "quiet_until")}
    try:
        outbox = prefer(
            db.session(), agent=current_agent(), channel=channel, wanted="wanted" in typed, at=now(), **hours
        )
    except InvalidInput as error:
        db.session.rollback()
        wrong = {entry.field: entry.message for entry in error.errors}
        return make_response(_page({channel: {"wrong": wrong, "typed": typed}}), HTTPStatus.UNPROCESSABLE_ENTITY)
    _commit(outbox)
    return _back(channel)


@blueprint.post("/channels/voice/first")
@login_required
def ring_me_first() -> AnyResponse:
    """Ring me for each new referral, in these hours; sending it is the consent."""
    typed = request.form
    body = {name: typed.get(name, "") for name in ("ring_from", "ring_until")}
    try:
        asked = load(RingSchema(), {**body, "wanted": "wanted" in typed, "again": "again" in typed})
    except InvalidInput as error:
        wrong = {entry.field: entry.message for entry in error.errors}
        return make_response(_page({Channel.VOICE: {"wrong": wrong}}), HTTPStatus.UNPROCESSABLE_ENTITY)
    hours = (asked["ring_from"], asked["ring_until"])
    choose_ring_first(
        db.session(), agent=current_agent(), wanted=asked["wanted"], again=asked["again"], hours=hours,
        source=CONSENT_SOURCE, at=now(),
    )  # fmt: skip
    db.session.commit()
    return _back(Channel.VOICE)


@blueprint.post("/channels/devices/<uuid:subscription_id>/remove")
@login_required
def remove_push_device(subscription_id: UUID) -> AnyResponse:
    """No push to this browser any more."""
    if not remove_device(db.session(), agent=current_agent(), subscription_id=subscription_id, at=now()):
        abort(HTTPStatus.NOT_FOUND)
    db.session.commit()
    return _back(Channel.PUSH)


@blueprint.post("/channels/done")
@login_required
def channels_checked() -> AnyResponse:
    """They have been through it."""
    current_agent().reach_checked_at = now()
    db.session.commit()
    return redirect("/referrals", HTTPStatus.SEE_OTHER)


@blueprint.post("/channels/later")
@login_required
def channels_later() -> AnyResponse:
    """Not now: they are not asked again in this browser until they sign in again."""
    visit[LATER] = True
    return redirect("/referrals", HTTPStatus.SEE_OTHER)


def asks_to_check() -> bool:
    """Whether the agent is to be asked to see that they can be reached."""
    return current_agent().reach_checked_at is None and not visit.get(LATER)


def _page(given: Mapping[Channel, Mapping[str, Any]] | None = None) -> str:
    """`given`: what was wrong on it, and what had been typed, by channel."""
    agent, first, settings = current_agent(), bool(request.values.get("first")), runtime().settings
    reached = reach(db.session(), agent=agent, at=now())
    cards = [
        card_of(agent, reached[channel], settings.twilio_sms_from, **(given or {}).get(channel, {}))
        for channel in (FIRST_TIME if first else IN_ORDER)
    ]
    numbers = dict.fromkeys(number for number in (settings.twilio_call_from, settings.twilio_sms_from) if number)
    return render_template("web/portal/channels.html", agent=agent, cards=cards, first=first, numbers=list(numbers))


def _tested(channel: Channel, problem: str | None = None, status: int = 200) -> AnyResponse:
    """htmx gets the result, in which a refusal stands, too; a page without scripts comes back to itself."""
    if request.htmx:  # type: ignore[attr-defined]
        return make_response(_result(_card(channel, problem)))
    return make_response(_page({channel: {"problem": problem}}), status) if problem else _back(channel)


def _result(card: Card) -> str:
    return render_template("web/portal/channel_result.html", card=card)


def _card(channel: Channel, problem: str | None = None) -> Card:
    agent = current_agent()
    reached = reach(db.session(), agent=agent, at=now())[channel]
    return card_of(agent, reached, runtime().settings.twilio_sms_from, problem=problem)


def _back(channel: Channel) -> AnyResponse:
    first = "?first=1" if request.form.get("first") else ""
    return redirect(f"/channels{first}#{channel}", HTTPStatus.SEE_OTHER)


def _commit(outbox: Outbox) -> None:
    db.session.commit()
    outbox.enqueue(runtime().queue)


def _channel_or_404(name: str, among: tuple[Channel, ...] = IN_ORDER) -> Channel:
    current_agent()
    return next((channel for channel in among if channel == name), None) or abort(HTTPStatus.NOT_FOUND)
