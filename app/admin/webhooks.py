"""Webhooks: the endpoints of the network's software, their deliveries, and sending those again."""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.admin import blueprint
from app.core.clock import now
from app.core.database.ids import parse_id
from app.core.errors import InvalidInput
from app.core.queue.jobs import Job
from app.core.runtime import runtime
from app.extensions import db
from app.http.forms import Form, load
from app.webhooks.deliveries import PAGE, deliveries_of, replay
from app.webhooks.endpoints import (
    add_endpoint,
    change_endpoint,
    endpoints,
    get_endpoint,
    remove_endpoint,
    renew_secret,
    send_test,
    turn_off,
    turn_on,
)
from app.webhooks.models import OffReason
from app.webhooks.rules import DeliveryStatus, Topic
from app.webhooks.schemas import EndpointSchema, endpoint_details

TOPICS = {
    Topic.REFERRAL: "Referrals: open, held, claimed, closed, and their stages",
    Topic.OFFER: "Offers: sent, claimed, declined, lost, expired, withdrawn",
    Topic.CALL: "Calls: each step, who was reached, what the agent says of it",
    Topic.CLAIM: "Claims: who has a referral, and who no longer has it",
    Topic.BOOKING: "Booked calls",
    Topic.CLIENT: "Clients who want no calls or texts, or agree to them again",
    Topic.AGENT: "Agents: added and changed",
    Topic.TEAM: "Teams: added and changed",
}


@dataclass(frozen=True)
class Span:
    """A period of which everything can be sent again."""

    length: timedelta
    words: str


SPANS = {
    "hour": Span(timedelta(hours=1), "the last hour"),
    "day": Span(timedelta(days=1), "the last day"),
    "week": Span(timedelta(days=7), "the last 7 days"),
    "month": Span(timedelta(days=30), "the last 30 days"),
}


@blueprint.get("/network/webhooks")
def webhooks() -> str:
    """The endpoints, and a form for a new one."""
    return _list(Form({"topics": list(Topic)}))


@blueprint.post("/network/webhooks")
def add_webhook() -> AnyResponse:
    """Adds one. Its secret is shown this once."""
    form = _typed()
    try:
        url, topics = endpoint_details(load(EndpointSchema(), form.values))
        endpoint, secret = add_endpoint(db.session(), url=url, topics=topics, vault=runtime().vault, at=now())
    except InvalidInput as error:
        return make_response(_list(form.refused(error)), HTTPStatus.UNPROCESSABLE_ENTITY)
    db.session.commit()
    return make_response(_one(endpoint.id, secret=secret))


@blueprint.get("/network/webhooks/<uuid:endpoint_id>")
def webhook(endpoint_id: UUID) -> str:
    """One endpoint with its deliveries, newest first."""
    return _one(endpoint_id)


@blueprint.post("/network/webhooks/<uuid:endpoint_id>")
def change_webhook(endpoint_id: UUID) -> AnyResponse:
    """Changes its address and its topics."""
    form = _typed()
    try:
        url, topics = endpoint_details(load(EndpointSchema(), form.values))
    except InvalidInput as error:
        return make_response(_one(endpoint_id, form=form.refused(error)), HTTPStatus.UNPROCESSABLE_ENTITY)
    change_endpoint(db.session(), endpoint_id=endpoint_id, url=url, topics=topics)
    return _done(endpoint_id)


@blueprint.post("/network/webhooks/<uuid:endpoint_id>/secret")
def renew_webhook_secret(endpoint_id: UUID) -> AnyResponse:
    """Makes a new secret, shown this once."""
    secret = renew_secret(db.session(), endpoint_id=endpoint_id, vault=runtime().vault, at=now())
    db.session.commit()
    return make_response(_one(endpoint_id, secret=secret))


@blueprint.post("/network/webhooks/<uuid:endpoint_id>/off")
def turn_webhook_off(endpoint_id: UUID) -> AnyResponse:
    """Turns it off; its events wait."""
    turn_off(db.session(), endpoint_id=endpoint_id, reason=OffReason.ADMIN, at=now())
    return _done(endpoint_id)


@blueprint.post("/network/webhooks/<uuid:endpoint_id>/on")
def turn_webhook_on(endpoint_id: UUID) -> AnyResponse:
    """Turns it on."""
    turn_on(db.session(), endpoint_id=endpoint_id)
    return _done(endpoint_id)


@blueprint.post("/network/webhooks/<uuid:endpoint_id>/remove")
def remove_webhook(endpoint_id: UUID) -> AnyResponse:
    """Removes it for good."""
    remove_endpoint(db.session(), endpoint_id=endpoint_id, at=now())
    db.session.commit()
    return redirect(url_for("admin.webhooks"), HTTPStatus.SEE_OTHER)


@blueprint.post("/network/webhooks/<uuid:endpoint_id>/test")
def test_webhook(endpoint_id: UUID) -> AnyResponse:
    """Sends it an event without data."""
    send_test(db.session(), endpoint_id=endpoint_id, at=now())
    return _done(endpoint_id)


@blueprint.post("/network/webhooks/<uuid:endpoint_id>/replay")
def replay_webhook(endpoint_id: UUID) -> AnyResponse:
    """Sends again one delivery, all of the last hours or days, or all that failed."""
    get_endpoint(db.session(), endpoint_id)
    delivery_id, span = parse_id(request.form.get("delivery", "")), SPANS.get(request.form.get("since", ""))
    since = now() - span.length if span is not None else None
    replay(db.session(), endpoint_id=endpoint_id, at=now(), delivery_id=delivery_id, since=since)
    return _done(endpoint_id)


def _done(endpoint_id: UUID) -> AnyResponse:
    db.session.commit()
    runtime().queue.wake(Job.SEND_WEBHOOKS)
    return redirect(url_for("admin.webhook", endpoint_id=endpoint_id), HTTPStatus.SEE_OTHER)


def _typed() -> Form:
    return Form({"url": request.form.get("url", "").strip(), "topics": request.form.getlist("topics")})


def _list(form: Form) -> str:
    return render_template("admin/webhooks.html", form=form, topics=TOPICS, endpoints=endpoints(db.session()))


def _one(endpoint_id: UUID, *, form: Form | None = None, secret: str | None = None) -> str:
    endpoint = get_endpoint(db.session(), endpoint_id)
    failed_only = request.args.get("status") == DeliveryStatus.FAILED
    shown = deliveries_of(
        db.session(),
        endpoint_id=endpoint_id,
        before=parse_id(request.args.get("before", "")),
        status=DeliveryStatus.FAILED if failed_only else None,
    )
    return render_template(
        "admin/webhook.html",
        endpoint=endpoint,
        form=form or Form({"url": endpoint.url, "topics": endpoint.topics}),
        topics=TOPICS,
        secret=secret,
        deliveries=shown,
        failed_only=failed_only,
        older=shown[-1].id if len(shown) == PAGE else None,
        spans=SPANS,
    )
