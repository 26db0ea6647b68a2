"""Calls we placed: the menu, the key, and what the carrier reports."""

from uuid import UUID

from flask import Response, request

from app.bookings.models import booking_of_call
from app.calls.models import Call
from app.calls.pin import LENGTH as PIN_DIGITS
from app.calls.progress import Report
from app.calls.reasons import Reason
from app.calls.rules import MENUS_FOR_A_PERSON, VOICEMAIL_HEARD, WITH_CLAIM, CallStatus
from app.calls.service import CallRef
from app.calls.voicemail import Heard, hear, only_a_machine
from app.claims.accept import Accepted, Lacking, OnOtherPhone, TooLate, accept
from app.claims.decline import ask_decline
from app.claims.lost_to import lost_to_whom
from app.claims.models import Via
from app.clients.gate import gate_of
from app.core.clock import now
from app.core.formats import from_then
from app.core.runtime import runtime
from app.core.urls import call_url
from app.extensions import db
from app.hooks.twilio import blueprint
from app.hooks.twilio.answers import KEY, nothing, twiml, words
from app.hooks.twilio.bridge import bridge
from app.hooks.twilio.guard import call_or_404
from app.hooks.twilio.reported import call_sid, check_sid, fetch_key, report, status_report
from app.hooks.twilio.transfers import join_client
from app.notifications.wording.voice import speaker
from app.offers.models import Offer
from app.offers.rules import DeclineReason, OfferStatus, ends_for, is_open
from app.providers.twilio import twiml as documents
from app.referrals.rules import Need
from app.transfers.agents import take
from app.transfers.models import Transfer
from app.transfers.service import waiting_on_line

ACCEPT, DECLINE = "1", "2"
REPEATS = 2
ASKED = "asked"
"""Query parameter: how often the menu has been said."""


@blueprint.post("/calls/<uuid:call_id>/menu")
def menu(call_id: UUID) -> Response:
    """The agent picked up: say what the referral is, and ask for a key."""
    ref = call_or_404(call_id)
    report(ref, Report(call_sid(), "in-progress", fetch_key("menu")))
    return say_menu(ref)


@blueprint.post("/calls/<uuid:call_id>/key")
def key(call_id: UUID) -> Response:
    """The agent pressed a key, or none in time."""
    pressed = request.values.get(KEY, "")
    ref = call_or_404(call_id, to_claim=pressed == ACCEPT)
    check_sid(ref)
    return press(ref, pressed)


def press(ref: CallRef, pressed: str) -> Response:
    """A key of the menu, or none in time."""
    if pressed == ACCEPT:
        return _accept(ref, Via.KEY)
    if pressed == DECLINE and _offer(ref).status is OfferStatus.SENT:
        return _decline(ref)
    asked, session = request.args.get(ASKED, 1, type=int), db.session()
    if pressed or request.form.get("FinishedOnKey"):
        hear(session, call_id=ref.call_id, heard=Heard.KEY, at=now())
        session.commit()
    if asked >= MENUS_FOR_A_PERSON and only_a_machine(session, call_id=ref.call_id):
        return _goodbye(ref, Reason.VOICEMAIL)
    return say_menu(ref, asked=asked + 1) if asked <= REPEATS else _goodbye(ref, Reason.SILENCE)


@blueprint.post("/calls/<uuid:call_id>/status")
def status(call_id: UUID) -> Response:
    """What becomes of the agent's call."""
    ref = call_or_404(call_id)
    report(ref, status_report())
    return nothing()


@blueprint.post("/calls/<uuid:call_id>/machine")
def machine(call_id: UUID) -> Response:
    """Who picked up, as far as the carrier can hear: a hint, which never decides."""
    ref = call_or_404(call_id)
    check_sid(ref)
    if request.form.get("AnsweredBy") in VOICEMAIL_HEARD:
        hear(db.session(), call_id=ref.call_id, heard=Heard.MACHINE, at=now())
        db.session.commit()
    return nothing()


@blueprint.post("/calls/<uuid:call_id>/fallback")
def fallback(call_id: UUID) -> Response:
    """Something of ours failed in the middle of a call: go on from what is committed."""
    ref = call_or_404(call_id)
    check_sid(ref)
    call = db.session.get_one(Call, ref.call_id)
    after_the_bridge = "DialCallStatus" in request.form or request.form.get("ErrorUrl", "").endswith("/bridge")
    if call.connected_at is not None or call.status in WITH_CLAIM or after_the_bridge:
        return bridge(call_id)
    return _accept(ref, Via.KEY) if call.status is CallStatus.ACCEPTED else say_menu(ref)


def claim_by_pin(ref: CallRef, *, from_own_phone: bool) -> Response:
    """A PIN was typed in a call to our number: the same as the key 1."""
    return _accept(ref, Via.PIN, from_own_phone=from_own_phone)


def say_menu(ref: CallRef, *, asked: int = 1) -> Response:
    """What the referral is, and which keys there are; for a claimed one, the key that rings the client again."""
    offer = _offer(ref)
    if offer.status is OfferStatus.LOST:
        lost_to = lost_to_whom(db.session(), offer_id=offer.id)
        return _lost(lost_to.winner_first_name, lost_to.behind_seconds)
    ends_at = ends_for(offer.expires_at, ref.answered_at)
    if offer.status is not OfferStatus.CLAIMED and not is_open(offer.status, ends_at, offer.decline_at, now()):
        return _gone()
    need: Need = offer.referral.need
    if offer.status is OfferStatus.CLAIMED:
        booking = booking_of_call(db.session(), call_id=ref.call_id)
        asked_by = booking.asked_by if booking is not None else None
        said = words("client_again", client_first_name=offer.referral.client.first_name, asked_by=asked_by)
    else:
        waits = waiting_on_line(db.session(), referral_id=ref.referral_id) is not None
        said = words("menu" if asked == 1 else "repeat", need=need, price=need.spoken_price, client_waits=waits)
    if ref.inbound:  # their page's button may type the PIN into the menu
        url = f"{runtime().link('/hooks/twilio/pin')}?{ASKED}={asked}"
        return twiml(documents.menu(said, key_url=url, voice=speaker(), digits=PIN_DIGITS))
    url = f"{call_url(runtime(), ref.call_id, 'key')}?{ASKED}={asked}"
    return twiml(documents.menu(said, key_url=url, voice=speaker()))


def _accept(ref: CallRef, via: Via, *, from_own_phone: bool = True) -> Response:
    gate, session = gate_of(runtime().settings), db.session()
    result = accept(session, ref=ref, via=via, at=now(), gate=gate, from_own_phone=from_own_phone)
    joins = None
    if isinstance(result, Accepted) and result.client_waits:
        joins = take(session, referral_id=ref.referral_id, call_id=ref.call_id, at=now())
    session.commit()
    result.outbox.enqueue(runtime().queue)
    if isinstance(result, Accepted):
        return _join_or_ring(ref, via, result, joins)
    if isinstance(result, OnOtherPhone):
        return _say_and_hang_up(words("claimed_elsewhere", via=via))
    if isinstance(result, TooLate):
        return _lost(result.winner_first_name, round(result.behind.total_seconds()))
    if isinstance(result, Lacking):
        return _say_and_hang_up(words("lacking", lacks=result.lacks))
    return _gone()


def _join_or_ring(ref: CallRef, via: Via, result: Accepted, joins: Transfer | None) -> Response:
    """It is theirs: joins them to the client who waits on the line, or rings the client, or says why not."""
    name = result.client_first_name
    if joins is not None:
        return join_client(joins, ref.call_id, words("claimed_on_line", via=via, client_first_name=name))
    if result.client_waits:
        return _say_and_hang_up(words("client_gone", via=via, client_first_name=name))
    if not result.answer.allowed:
        return _say_and_hang_up(_not_rung(ref, via, result))
    said = words("claimed", via=via, client_first_name=name)
    return twiml(documents.connect(said, _bridge_to(ref, result.client_phone), voice=speaker()))


def _not_rung(ref: CallRef, via: Via, result: Accepted) -> str:
    """Says that the referral is theirs, and why the client is not being rung."""
    opens = result.answer.not_before
    ring_at = from_then(opens, _offer(ref).agent.time_zone, since=now()) if opens is not None else None
    name, why = result.client_first_name, result.answer.main
    return words("claimed_not_rung", via=via, client_first_name=name, why=why, ring_at=ring_at)


def _bridge_to(ref: CallRef, client_phone: str) -> documents.Bridge:
    here = runtime()
    return documents.Bridge(
        number=client_phone,
        caller_id=here.settings.twilio_call_from,
        ended_url=call_url(here, ref.call_id, "bridge"),
        status_url=call_url(here, ref.call_id, "client"),
        heard_url=call_url(here, ref.call_id, "client-heard"),
    )


def _decline(ref: CallRef) -> Response:
    outbox = ask_decline(
        db.session(), offer_id=ref.offer_id, reason=DeclineReason.BY_KEY, at=now(), on_call=ref.call_id
    )
    db.session.commit()
    outbox.enqueue(runtime().queue)
    return _say_and_hang_up(words("declined"))


def _goodbye(ref: CallRef, why: Reason) -> Response:
    report(ref, Report(call_sid(), why))
    return _say_and_hang_up(words("goodbye"))


def _lost(winner_first_name: str, behind_seconds: int | None) -> Response:
    return _say_and_hang_up(words("lost", winner_first_name=winner_first_name, behind_seconds=behind_seconds))


def _gone() -> Response:
    return _say_and_hang_up(words("gone"))


def _say_and_hang_up(said: str) -> Response:
    return twiml(documents.say_and_hang_up(said, voice=speaker()))


def _offer(ref: CallRef) -> Offer:
    return db.session.get_one(Offer, ref.offer_id)
