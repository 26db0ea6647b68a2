"""The client's page: who calls, and what they want instead. Without sign-in. Opening it changes nothing."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.bookings.service import cancel_booking
from app.claims.client_page import (
    ClientPage,
    ask_for_call,
    ask_for_call_at,
    client_page,
    rather_text,
    want_no_calls,
)
from app.clients.gate import gate_of
from app.core.clock import now
from app.core.contact import parse_moment
from app.core.language import LANGUAGES, speak
from app.core.limits import Limit
from app.core.queue.outbox import NOTHING, Outbox
from app.core.runtime import Purpose, runtime
from app.extensions import db
from app.referrals.responses import Response as Step
from app.referrals.responses import keep_response
from app.web import blueprint
from app.web.contact import vcard

UNWANTED = {"wrong-person": Step.WRONG_PERSON, "no-calls": Step.NO_CALLS}


@blueprint.get("/c/<token>")
def clients_page(token: str) -> Response:
    """The page as it is now."""
    return _shown(token)


@blueprint.post("/c/<token>/looked")
def client_looked(token: str) -> Response:
    """A script on the page says that a person looks at it: programs that check links run none."""
    keep_response(db.session(), referral_id=_referral_id(token), response=Step.LOOKED, at=now())
    db.session.commit()
    return Response(status=HTTPStatus.NO_CONTENT)


@blueprint.post("/c/<token>/call")
def client_calls_now(token: str) -> AnyResponse:
    """Call me now."""
    here = runtime()
    gate, seconds = gate_of(here.settings), here.settings.ring_seconds
    return _do(token, lambda page, at: ask_for_call(db.session(), page=page, gate=gate, at=at, ring_seconds=seconds))


@blueprint.post("/c/<token>/book")
def client_books(token: str) -> AnyResponse:
    """Call me at ..."""
    when = parse_moment(request.form.get("at", ""))
    page, at = _page(token), now()
    _not_too_often(page)
    outbox = ask_for_call_at(db.session(), page=page, when=when, at=at) if when is not None else None
    if outbox is None:
        db.session.rollback()
        return _shown(token, wrong=True)
    db.session.commit()
    outbox.enqueue(runtime().queue)
    return _back(token)


@blueprint.post("/c/<token>/cancel")
def client_cancels(token: str) -> AnyResponse:
    """No call then."""

    def cancel(page: ClientPage, at: datetime) -> Outbox:
        if page.offer is not None:
            cancel_booking(db.session(), offer_id=page.offer.id, at=at)
        return NOTHING

    return _do(token, cancel)


@blueprint.post("/c/<token>/rather-text")
def client_rather_texts(token: str) -> AnyResponse:
    """I'd rather text."""
    return _do(token, lambda page, at: rather_text(db.session(), page=page, at=at))


@blueprint.post("/c/<token>/<any('wrong-person', 'no-calls'):why>")
def client_wants_no_calls(token: str, why: str) -> AnyResponse:
    """Wrong person; please don't call."""
    gate = gate_of(runtime().settings)
    return _do(token, lambda page, at: want_no_calls(db.session(), page=page, response=UNWANTED[why], gate=gate, at=at))


@blueprint.get("/c/<token>/card.vcf")
def agents_card(token: str) -> Response:
    """Our number as a contact with the agent's name, so that the client's phone says who rings."""
    page, settings = _page(token), runtime().settings
    who = f"{page.offer.agent.first_name} ({settings.brand_name})" if page.offer is not None else settings.brand_name
    card = vcard(who, settings.public_url, settings.twilio_call_from, settings.twilio_sms_from)
    response = Response(card, content_type="text/vcard; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="your-agent.vcf"'
    return response


def _do(token: str, act: Callable[[ClientPage, datetime], Outbox]) -> AnyResponse:
    page = _page(token)
    _not_too_often(page)
    outbox = act(page, now())
    db.session.commit()
    outbox.enqueue(runtime().queue)
    return _back(token)


def _not_too_often(page: ClientPage) -> None:
    if not runtime().limits.allow(Limit.STEPS_ON_A_CLIENTS_PAGE, str(page.referral.id)):
        abort(HTTPStatus.TOO_MANY_REQUESTS)


def _back(token: str) -> AnyResponse:
    language = request.args.get("lang", "")
    return redirect(f"/c/{token}" + (f"?lang={language}" if language in LANGUAGES else ""), HTTPStatus.SEE_OTHER)


def _shown(token: str, *, wrong: bool = False) -> Response:
    page = _page(token)
    shown = render_template("web/client/page.html", page=page, languages=LANGUAGES, url=f"/c/{token}", wrong=wrong)
    return make_response(shown, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK)


def _language(page: ClientPage) -> str | None:
    """The one they chose, else the one the network told us; None: the browser's."""
    chosen = request.args.get("lang", "")
    return chosen if chosen in LANGUAGES else page.referral.client.language


def _page(token: str) -> ClientPage:
    page = client_page(db.session(), referral_id=_referral_id(token), gate=gate_of(runtime().settings), at=now())
    if page is None:
        abort(HTTPStatus.NOT_FOUND)
    language = _language(page)
    if language is not None:
        speak(language)
    return page


def _referral_id(token: str) -> UUID:
    referral_id = runtime().signer.verify(Purpose.CLIENT, token)
    if referral_id is None:
        abort(HTTPStatus.NOT_FOUND)
    return referral_id
