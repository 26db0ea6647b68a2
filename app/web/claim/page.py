"""The claim page: opened by a signed link, without sign-in. Opening it changes nothing; only a tap that posts does."""

from http import HTTPStatus
from typing import Any

from flask import Flask, Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.bookings.models import AskedBy
from app.bookings.service import book, cancel_booking
from app.calls.request import CannotCall, call_me, stop_calling
from app.claims.decline import ask_decline, undo_decline
from app.claims.page import TAGS_SQL, ClaimView
from app.claims.phases import FINAL, Phase
from app.clients.gate import gate_of
from app.core.clock import now
from app.core.contact import parse_moment
from app.core.database.fast_query import NAME as FAST_QUERY
from app.core.database.fast_query import rows
from app.core.language import gettext as _
from app.core.runtime import NAME, Purpose, runtime
from app.extensions import db
from app.http.polling import NAME as POLLS
from app.http.polling import TAG, Polls
from app.offers.looked import see_offer
from app.offers.rules import DECLINE_WORDS, DeclineReason
from app.pipeline.outcome import record_outcome
from app.web import blueprint
from app.web.claim.can_call import can_call
from app.web.claim.link import linked_offer_id, linked_view
from app.web.claim.lost import after_a_loss
from app.web.claim.may_claim import terms_for
from app.web.claim.outcome import outcome_or_422
from app.web.claim.plan import plan_of

LONGEST_WORDS, MINUTE = 500, 60
DECLINABLE = frozenset(Phase) - FINAL - {
    Phase.DECLINING, Phase.CONNECTING, Phase.PICKED_UP, Phase.CONNECTED, Phase.CLIENT_MISSED, Phase.QUIET,
}  # fmt: skip
UNASKED = frozenset({DeclineReason.BY_KEY, DeclineReason.BY_TEXT, DeclineReason.BY_PUSH})
ASKED_REASONS = {reason: label for reason, label in DECLINE_WORDS.items() if reason not in UNASKED}


@blueprint.get("/o/<token>")
def claim_page(token: str) -> Response:
    """The page of one offer; 410 once its time is over."""
    view = linked_view(token)
    page = render_template("web/claim.html", **_values(view, token), problem=None)
    return make_response(page, HTTPStatus.GONE if view.phase is Phase.EXPIRED else HTTPStatus.OK)


@blueprint.get("/o/<token>/panel")
def panel(token: str) -> Response:
    """The part that changes. `answer_unchanged` takes the polls that find nothing new."""
    return _panel(token)


def answer_unchanged(app: Flask) -> None:
    """Has the server answer polls that find nothing new, which is nearly every request, many with one small query."""
    signer, query = app.extensions[NAME].signer, app.extensions[FAST_QUERY]
    app.extensions[POLLS] = Polls(
        path=r"/o/([\w-]+)/panel",
        endpoint="web.panel",
        verify=lambda token: signer.verify(Purpose.OFFER, token),
        tags=lambda offer_ids: dict(query.rows(TAGS_SQL, (offer_ids,))),
    )


@blueprint.get("/o/<token>/open")
def still_open(token: str) -> Response:
    """What the pages behind the claim page ask: led back to it once there is nothing to change or decline any more."""
    offer_id = linked_offer_id(token)
    tag = request.headers.get(TAG)
    if tag is not None and rows(TAGS_SQL, ([offer_id],)) == [(offer_id, tag)]:
        return Response(status=HTTPStatus.NOT_MODIFIED)
    view = linked_view(token)
    response = Response(status=HTTPStatus.NO_CONTENT, headers={TAG: view.tag})
    if not is_open(view):
        response.headers["HX-Redirect"] = f"/o/{token}"
    return response


@blueprint.post("/o/<token>/looked")
def looked(token: str) -> Response:
    """Somebody looks at the page: kept once, as told by the page itself and not by its address being fetched."""
    see_offer(db.session(), offer_id=linked_offer_id(token), at=now())
    db.session.commit()
    return Response(status=HTTPStatus.NO_CONTENT)


@blueprint.post("/o/<token>/call")
def call(token: str) -> AnyResponse:
    """Call me to claim this referral; call me again."""
    here = runtime()
    result = call_me(db.session(), offer_id=linked_offer_id(token), at=now(), ring_seconds=here.settings.ring_seconds)
    db.session.commit()
    result.outbox.enqueue(here.queue)
    return _answer(token, result.reason if isinstance(result, CannotCall) else None)


@blueprint.post("/o/<token>/stop")
def stop(token: str) -> AnyResponse:
    """Stop calling."""
    outbox = stop_calling(db.session(), offer_id=linked_offer_id(token), at=now())
    db.session.commit()
    outbox.enqueue(runtime().queue)
    return _answer(token, None)


@blueprint.post("/o/<token>/outcome")
def outcome(token: str) -> AnyResponse:
    """What came of the call with the client."""
    here, offer_id = runtime(), linked_offer_id(token)
    keys = gate_of(here.settings).keys
    outbox = record_outcome(db.session(), offer_id=offer_id, outcome=outcome_or_422(), keys=keys, at=now())
    db.session.commit()
    outbox.enqueue(here.queue)
    return _answer(token, None)


@blueprint.post("/o/<token>/book")
def book_call(token: str) -> AnyResponse:
    """Ring us both at ..."""
    view = linked_view(token)
    when = parse_moment(request.form.get("at", ""))
    if when is None or when not in plan_of(view, can_call(view)).times:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY, _("at: choose one of the times."))
    book(db.session(), offer_id=view.offer_id, due_at=when, asked_by=AskedBy.AGENT, at=now())
    db.session.commit()
    return _answer(token, None)


@blueprint.post("/o/<token>/unbook")
def unbook_call(token: str) -> AnyResponse:
    """Don't ring us."""
    cancel_booking(db.session(), offer_id=linked_offer_id(token), at=now())
    db.session.commit()
    return _answer(token, None)


@blueprint.get("/o/<token>/decline")
def why_decline(token: str) -> AnyResponse:
    """Asks why, and for confirmation."""
    return _why_decline(token)


@blueprint.post("/o/<token>/decline")
def decline(token: str) -> AnyResponse:
    """Declines, in 10 seconds."""
    offer_id = linked_offer_id(token)
    reason = next((r for r in (*ASKED_REASONS, DeclineReason.BY_PUSH) if r == request.form.get("reason")), None)
    if reason is None:
        return _why_decline(token, wrong=_("Choose the reason that fits best."))
    words = request.form.get("words", "").strip()[:LONGEST_WORDS] or None
    outbox = ask_decline(db.session(), offer_id=offer_id, reason=reason, words=words, at=now())
    db.session.commit()
    outbox.enqueue(runtime().queue)
    return redirect(f"/o/{token}", HTTPStatus.SEE_OTHER)


@blueprint.post("/o/<token>/undo")
def undo(token: str) -> AnyResponse:
    """Takes a decline back."""
    undone = undo_decline(db.session(), offer_id=linked_offer_id(token), at=now())
    db.session.commit()
    return _answer(token, None if undone else "too_late_to_undo")


def is_open(view: ClaimView) -> bool:
    """Whether the offer can still be declined, and its phone changed."""
    return view.phase in DECLINABLE and view.claimed_at is None


def _why_decline(token: str, wrong: str | None = None) -> AnyResponse:
    view = linked_view(token)
    if not is_open(view):
        return redirect(f"/o/{token}", HTTPStatus.SEE_OTHER)
    page = render_template(
        "web/decline.html",
        view=view,
        url=f"/o/{token}",
        reasons={reason: _(words) for reason, words in ASKED_REASONS.items()},
        wrong=wrong,
    )
    return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK)


def _answer(token: str, problem: str | None) -> AnyResponse:
    """A page without JavaScript comes back to itself; htmx gets the panel."""
    return _panel(token, problem) if request.htmx else redirect(f"/o/{token}", HTTPStatus.SEE_OTHER)  # type: ignore[attr-defined]


def _values(view: ClaimView, token: str) -> dict[str, Any]:
    answer = can_call(view)
    settings = runtime().settings
    return {
        "view": view,
        "can_call": answer,
        "terms": terms_for(view),
        "plan": plan_of(view, answer),
        "url": f"/o/{token}",
        "offer_seconds": settings.offer_minutes * MINUTE,
        "ring_seconds": settings.ring_seconds,
        **(after_a_loss(view) if view.phase is Phase.LOST else {}),
    }


def _panel(token: str, problem: str | None = None) -> Response:
    view = linked_view(token)
    page = render_template("web/panel.html", **_values(view, token), problem=problem)
    response = make_response(page)
    response.headers[TAG] = view.tag
    return response
