"""Calls we placed: the menu, the key, the bridge to the client, and what the carrier reports."""

from flask import Response, abort, request

from app.calls.models import Call
from app.calls.pin import LENGTH as PIN_DIGITS
from app.calls.reasons import Reason
from app.calls.rules import DECLINED_ON_THE_PHONE, VOICEMAIL_HEARD, WITH_CLAIM, CallStatus
from app.calls.service import CallRef
from app.claims.models import Via
from app.core.clock import now
from app.core.ground import ground
from app.extensions import db
from app.flows.accept import Accepted, OnOtherPhone, TooLate, accept
from app.flows.addresses import call_url
from app.flows.bridge import bridge_ended, report_client
from app.flows.call_progress import Report, WrongCall, report_call
from app.flows.decline import ask_decline
from app.flows.lost_words import lost_words
from app.flows.voicemail import hear_machine
from app.hooks import blueprint
from app.hooks.answers import KEY, VOICE, nothing, twiml, words
from app.hooks.guard import call_or_404
from app.offers.models import Offer
from app.offers.rules import DeclineReason, OfferStatus, ends_for, is_open
from app.providers import twiml as documents
from app.referrals.hours import next_ring
from app.referrals.rules import Need, spoken_hour, spoken_price

ACCEPT, DECLINE = "1", "2"
REPEATS = 2
ASKED = "asked"
"""Query parameter: how often the menu has been said."""


@blueprint.post("/calls/<raw_id>/menu")
def menu(raw_id: str) -> Response:
    """The agent picked up: say what the referral is, and ask for a key."""
    ref = call_or_404(raw_id)
    _report(ref, Report(_sid(), "in-progress", _fetch_key("menu")))
    return say_menu(ref)


@blueprint.post("/calls/<raw_id>/key")
def key(raw_id: str) -> Response:
    """The agent pressed a key, or none in time."""
    ref = call_or_404(raw_id)
    _check_sid(ref)
    return press(ref, request.values.get(KEY, ""))


def press(ref: CallRef, pressed: str) -> Response:
    """A key of the menu, or none in time."""
    if pressed == ACCEPT:
        return _accept(ref, Via.KEY)
    if pressed == DECLINE and _offer(ref).status is OfferStatus.SENT:
        return _decline(ref)
    asked = request.args.get(ASKED, 1, type=int)
    return say_menu(ref, asked=asked + 1) if asked <= REPEATS else _goodbye(ref)


@blueprint.post("/calls/<raw_id>/bridge")
def bridge(raw_id: str) -> Response:
    """The bridge is over: the client did not pick up, or they have talked."""
    ref = call_or_404(raw_id)
    talked = request.form.get("DialCallStatus") == "completed" and _bridged()
    hung_up = request.form.get("CallStatus") == "completed"
    after, connected = bridge_ended(db.session(), call_id=ref.call_id, talked=talked, hung_up=hung_up, at=now())
    db.session.commit()
    after.enqueue(ground().queue)
    if connected or hung_up:
        return twiml(documents.hang_up())
    how = request.form.get("DialCallStatus", "")
    said = words("client_missed", client_first_name=_offer(ref).referral.client.first_name, how=how)
    return twiml(documents.say_and_hang_up(said, voice=VOICE))


@blueprint.post("/calls/<raw_id>/client")
def client(raw_id: str) -> Response:
    """What becomes of the client's leg."""
    ref = call_or_404(raw_id)
    report_client(db.session(), call_id=ref.call_id, report=_reported(), at=now())
    db.session.commit()
    return nothing()


@blueprint.post("/calls/<raw_id>/status")
def status(raw_id: str) -> Response:
    """What becomes of the agent's call."""
    ref = call_or_404(raw_id)
    _report(ref, _reported())
    return nothing()


@blueprint.post("/calls/<raw_id>/machine")
def machine(raw_id: str) -> Response:
    """Who picked up, as far as the carrier can hear: a hint, which never decides."""
    ref = call_or_404(raw_id)
    _check_sid(ref)
    if request.form.get("AnsweredBy") in VOICEMAIL_HEARD:
        after = hear_machine(db.session(), call_id=ref.call_id, at=now())
        db.session.commit()
        after.enqueue(ground().queue)
    return nothing()


@blueprint.post("/calls/<raw_id>/fallback")
def fallback(raw_id: str) -> Response:
    """Something of ours failed in the middle of a call: go on from what is committed."""
    ref = call_or_404(raw_id)
    _check_sid(ref)
    call = db.session.get_one(Call, ref.call_id)
    if call.connected_at is not None or call.status in WITH_CLAIM or "DialCallStatus" in request.form:
        return bridge(raw_id)
    return _accept(ref, Via.KEY) if call.status is CallStatus.ACCEPTED else say_menu(ref)


def claim_by_pin(ref: CallRef) -> Response:
    """A PIN was typed in a call to our number: the same as the key 1."""
    return _accept(ref, Via.PIN)


def _bridged() -> bool:
    """Whether the two were joined, by either of the carrier's words for it."""
    form = request.form
    return form.get("DialBridged") == "true" or form.get("DialCallDuration", "0") != "0"


def say_menu(ref: CallRef, *, asked: int = 1) -> Response:
    """What the referral is, and which keys there are; for a claimed one, the key that rings the client again."""
    offer = _offer(ref)
    if offer.status is OfferStatus.LOST:
        lost_to = lost_words(db.session(), offer_id=offer.id)
        return _lost(lost_to.winner_first_name, lost_to.behind_seconds)
    ends_at = ends_for(offer.expires_at, ref.answered_at)
    if offer.status is not OfferStatus.CLAIMED and not is_open(offer.status, ends_at, offer.decline_at, now()):
        return _gone()
    need: Need = offer.referral.need
    if offer.status is OfferStatus.CLAIMED:
        said = words("client_again", client_first_name=offer.referral.client.first_name)
    else:
        said = words("menu" if asked == 1 else "repeat", need=need, price=spoken_price(need))
    if ref.inbound:  # their page's button may type the PIN into the menu
        url = f"{ground().link('/hooks/twilio/pin')}?{ASKED}={asked}"
        return twiml(documents.menu(said, key_url=url, voice=VOICE, digits=PIN_DIGITS))
    url = f"{call_url(ground(), ref.call_id, 'key')}?{ASKED}={asked}"
    return twiml(documents.menu(said, key_url=url, voice=VOICE))


def _accept(ref: CallRef, via: Via) -> Response:
    hours = ground().settings.calling_hours
    result = accept(db.session(), ref=ref, via=via, at=now(), client_hours=hours)
    db.session.commit()
    result.after.enqueue(ground().queue)
    if isinstance(result, Accepted) and result.quiet:
        ring_at = spoken_hour(next_ring(hours, now(), result.time_zone))
        said = words("claimed_quiet", via=via, client_first_name=result.client_first_name, ring_at=ring_at)
        return twiml(documents.say_and_hang_up(said, voice=VOICE))
    if isinstance(result, Accepted):
        said = words("claimed", via=via, client_first_name=result.client_first_name)
        return twiml(documents.connect(said, _bridge_to(ref, result.client_phone), voice=VOICE))
    if isinstance(result, OnOtherPhone):
        return twiml(documents.say_and_hang_up(words("claimed_elsewhere", via=via), voice=VOICE))
    if isinstance(result, TooLate):
        return _lost(result.winner_first_name, round(result.behind.total_seconds()))
    return _gone()


def _bridge_to(ref: CallRef, client_phone: str) -> documents.Bridge:
    here = ground()
    return documents.Bridge(
        number=client_phone,
        caller_id=here.settings.twilio_call_from,
        ended_url=call_url(here, ref.call_id, "bridge"),
        status_url=call_url(here, ref.call_id, "client"),
    )


def _decline(ref: CallRef) -> Response:
    after = ask_decline(db.session(), offer_id=ref.offer_id, reason=DeclineReason.BY_KEY, at=now(), on_call=ref.call_id)
    db.session.commit()
    after.enqueue(ground().queue)
    return twiml(documents.say_and_hang_up(words("declined"), voice=VOICE))


def _goodbye(ref: CallRef) -> Response:
    _report(ref, Report(_sid(), Reason.SILENCE))
    return twiml(documents.say_and_hang_up(words("goodbye"), voice=VOICE))


def _lost(winner_first_name: str, behind_seconds: int | None) -> Response:
    said = words("lost", winner_first_name=winner_first_name, behind_seconds=behind_seconds)
    return twiml(documents.say_and_hang_up(said, voice=VOICE))


def _gone() -> Response:
    return twiml(documents.say_and_hang_up(words("gone"), voice=VOICE))


def _offer(ref: CallRef) -> Offer:
    return db.session.get_one(Offer, ref.offer_id)


def _report(ref: CallRef, report: Report) -> None:
    try:
        after = report_call(
            db.session(),
            call_id=ref.call_id,
            report=report,
            at=now(),
            ring_seconds=ground().settings.ring_seconds,
        )
    except WrongCall:
        abort(404)
    db.session.commit()
    after.enqueue(ground().queue)


def _check_sid(ref: CallRef) -> None:
    """A signed request for one call does nothing to another."""
    if ref.sid not in (None, _sid()):
        abort(404)


def _sid() -> str:
    sid = request.form.get("CallSid", "")
    if not sid:
        abort(404)
    return sid


def _reported() -> Report:
    """A status callback; SID, event and sequence make it unique."""
    form = request.form
    event = form.get("CallStatus", "")
    rejected = event == "busy" and form.get("SipResponseCode") == DECLINED_ON_THE_PHONE
    sequence = form.get("SequenceNumber", "")
    return Report(
        sid=_sid(),
        status="rejected" if rejected else event,
        event_key=f"{_sid()} {event} {sequence}",
        details={"sequence": sequence, "duration": form.get("CallDuration")},
    )


def _fetch_key(step: str) -> str | None:
    """A request for TwiML is told from its repetition by the carrier's own token, where it sends one."""
    token = request.headers.get("I-Twilio-Idempotency-Token")
    return f"{_sid()} {step} {token}"[:200] if token else None
