"""What happened to one referral, in plain words, oldest first."""

from collections.abc import Iterator
from operator import attrgetter

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.access.models import ApiKey
from app.calls.models import Call
from app.calls.reached import OUTCOME_WORDS, Reached
from app.calls.rules import CallStatus
from app.claims.models import Claim, ClaimEnd, LateClaim, Via
from app.core.clock import now
from app.history.client_lines import client_lines
from app.history.deal_lines import deal_lines, handover_lines, note_lines
from app.history.desk_lines import desk_lines
from app.history.entry import Entry
from app.history.message_lines import message_line, never_to_be_sent, offer_line, told_nothing
from app.history.transfer_lines import transfer_lines
from app.notifications.inbound_sms import InboundText, Meaning
from app.notifications.models import Notification
from app.numbers.models import NumberChange
from app.offers.models import Offer
from app.offers.notices import OFFER
from app.offers.rules import DECLINE_WORDS, OfferStatus
from app.people.models import Account, Agent
from app.referrals.models import ClientView, Referral

CALL_ENDS = {
    CallStatus.COMPLETED: "The call with {who} ended",
    CallStatus.CLIENT_MISSED: "The client didn't pick up when {who} was on the line",
    CallStatus.NO_ANSWER: "{who} didn't answer",
    CallStatus.BUSY: "{who}'s line was busy, or they declined the call",
    CallStatus.FAILED: "The call to {who} couldn't be placed",
    CallStatus.CANCELED: "The call to {who} was stopped",
    CallStatus.VOICEMAIL: "{who}'s voicemail answered",
    CallStatus.REJECTED: "{who} rejected the call",
    CallStatus.DECLINED: "{who} pressed 2",
    CallStatus.HUNG_UP: "{who} hung up without pressing 1",
    CallStatus.SILENT: "{who} was on the line, and pressed no key",
    CallStatus.LOST: "The call to {who} ended: somebody else was first",
}
CLAIMED = {
    Via.KEY: "pressed 1 and has it",
    Via.PIN: "called with the PIN and has it",
    Via.HANDOVER: "took it over and has it",
    Via.DESK: "has it",
}
REACHED = {
    Reached.PERSON: "{who} and the client are talking",
    Reached.VOICEMAIL: "The client's voicemail picked up",
    Reached.SCREENED: "A machine picked up the client's phone: a call screener, or voicemail without a tone",
    Reached.UNKNOWN: "The client's phone was picked up; by whom is unknown",
}
OFFER_ENDS = {
    OfferStatus.DECLINED: "{who} declined",
    OfferStatus.LOST: "{who} was not first",
    OfferStatus.EXPIRED: "The offer to {who} ended",
    OfferStatus.WITHDRAWN: "The offer to {who} was withdrawn",
}
TEXTED = {Meaning.CALL: "1", Meaning.DECLINE: "2"}
"""In whichever words."""
PLACES = {"portal": "in the portal", "email": "by email", "admin": "on the desk"}


def timeline(session: Session, *, referral: Referral, quotes: bool) -> list[Entry]:
    """Everything that is known of a referral; with `quotes`, also what its client wrote."""
    offers = list(
        session.scalars(
            select(Offer).options(joinedload(Offer.agent)).where(Offer.referral_id == referral.id).order_by(Offer.id)
        )
    )
    entries = [Entry(referral.created_at, "The referral came in", important=True)]
    messages = _messages(session, referral, offers)
    for offer in offers:
        entries += _offer_entries(offer, [message for message, _ in messages if message.offer_id == offer.id])
    entries += _message_entries(messages)
    entries += _text_entries(session, offers, quotes=quotes)
    entries += _call_entries(session, offers)
    entries += _number_entries(session, offers)
    entries += _claim_entries(session, referral, offers)
    entries += _view_entries(session, referral)
    entries += client_lines(session, referral)
    entries += deal_lines(session, referral)
    entries += desk_lines(session, referral)
    entries += handover_lines(session, referral)
    entries += note_lines(session, referral)
    entries += transfer_lines(session, referral)
    return sorted(entries, key=attrgetter("at"))


def _offer_entries(offer: Offer, messages: list[Notification]) -> Iterator[Entry]:
    who, told = offer.agent.name, [message for message in messages if message.kind is OFFER]
    suppressed = [message for message in told if never_to_be_sent(message)]
    by_nothing = bool(told) and len(suppressed) == len(told)
    yield Entry(offer.created_at, offer_line(who, suppressed, all_of_them=by_nothing), important=by_nothing)
    if told and not by_nothing and all(map(told_nothing, told)):
        last = max(message.ended_at for message in told if message.ended_at is not None)
        yield Entry(last, f"No message has told {who} of the offer", important=True)
    if offer.ended_at is not None and offer.status in OFFER_ENDS:
        words = OFFER_ENDS[offer.status].format(who=who)
        reason = f": {DECLINE_WORDS[offer.decline_reason]}" if offer.decline_reason else ""
        said = f' ("{offer.decline_words}")' if offer.decline_words else ""
        yield Entry(offer.ended_at, words + reason + said)


def _messages(session: Session, referral: Referral, offers: list[Offer]) -> list[tuple[Notification, str]]:
    """Each with whom it is for."""
    offer_ids = [offer.id for offer in offers]
    # Ids and no subquery: below an OR that could be no index condition, and the whole table would be read.
    changes = session.scalars(select(NumberChange.id).where(NumberChange.offer_id.in_(offer_ids))).all()
    query = (
        select(Notification, func.coalesce(Agent.name, Account.email, "the client"))
        .outerjoin(Account, Account.id == Notification.account_id)
        .outerjoin(Agent, Agent.account_id == Account.id)
        .where(
            Notification.offer_id.in_(offer_ids)
            | (Notification.referral_id == referral.id)
            | Notification.number_change_id.in_(changes)
        )
        .order_by(Notification.id)
    )
    return list(session.execute(query))


def _message_entries(messages: list[tuple[Notification, str]]) -> Iterator[Entry]:
    at = now()
    for message, whom in messages:
        if not never_to_be_sent(message):  # the offer's own entry says why
            moment = message.ended_at or message.sent_at or message.created_at
            yield Entry(moment, message_line(message, whom, at))


def _text_entries(session: Session, offers: list[Offer], *, quotes: bool) -> Iterator[Entry]:
    names = {offer.id: offer.agent.name for offer in offers}
    for text in session.scalars(select(InboundText).where(InboundText.offer_id.in_(names))):
        if text.agent_id is None:
            said = f': "{text.body}"' if quotes else ""
            yield Entry(text.received_at, f"The client texted{said}", important=True)
        elif text.offer_id is not None and text.meaning in TEXTED:
            yield Entry(text.received_at, f"{names[text.offer_id]} texted {TEXTED[text.meaning]}")


def _call_entries(session: Session, offers: list[Offer]) -> Iterator[Entry]:
    names = {offer.id: offer.agent.name for offer in offers}
    for call in session.scalars(select(Call).where(Call.offer_id.in_(names))):
        who = names[call.offer_id]
        yield Entry(call.requested_at, f"{who} asked to be called")
        if call.answered_at is not None:
            yield Entry(call.answered_at, f"{who} picked up")
        if call.picked_up_at is not None and call.reached is not None:
            yield Entry(call.picked_up_at, REACHED[call.reached].format(who=who), important=True)
        if call.ended_at is not None:
            words = _call_end(call).format(who=who)
            yield Entry(call.ended_at, f"{words} ({call.reason})" if call.status is CallStatus.FAILED else words)
        if call.outcome is not None and call.outcome_at is not None:
            yield Entry(call.outcome_at, f"{who} says: {OUTCOME_WORDS[call.outcome].lower()}", important=True)


def _call_end(call: Call) -> str:
    return "The call with {who} ended" if call.picked_up_at is not None else CALL_ENDS[call.status]


def _number_entries(session: Session, offers: list[Offer]) -> Iterator[Entry]:
    names = {offer.id: offer.agent.name for offer in offers}
    for change in session.scalars(select(NumberChange).where(NumberChange.offer_id.in_(names))):
        who = names[change.offer_id]
        if change.proven_at is not None:
            yield Entry(change.proven_at, f"{who} changed the number for this referral")
        if change.confirmed_at is not None:
            yield Entry(change.confirmed_at, f"{who} made it their own number")
        if change.reverted_at is not None:
            yield Entry(change.reverted_at, f"{who}'s old phone took the new number back")


def _claim_entries(session: Session, referral: Referral, offers: list[Offer]) -> Iterator[Entry]:
    names = {offer.id: offer.agent.name for offer in offers}
    for claim in session.scalars(select(Claim).where(Claim.referral_id == referral.id)):
        yield Entry(claim.at, f"{names[claim.offer_id]} {CLAIMED[claim.via]}", important=True)
        if claim.ended_at is not None and claim.ended_how is ClaimEnd.RELEASED:
            yield Entry(claim.ended_at, f'{names[claim.offer_id]} gave it back ("{claim.end_words}")', important=True)
        if claim.ended_at is not None and claim.ended_how is ClaimEnd.NOT_WORKED:
            words = f"{names[claim.offer_id]} did nothing after two warnings, and it went on"
            yield Entry(claim.ended_at, words, important=True)
    for late in session.scalars(select(LateClaim).where(LateClaim.offer_id.in_(names))):
        yield Entry(late.at, f"{names[late.offer_id]} pressed 1, {late.behind_ms / 1000:.1f} s too late")


def _view_entries(session: Session, referral: Referral) -> Iterator[Entry]:
    """Who saw the client's details, and where: each once, with how often, when it was first."""
    query = (
        select(func.coalesce(Agent.name, Account.email), ClientView.where, func.min(ClientView.at), func.count())
        .join(Account, Account.id == ClientView.account_id)
        .outerjoin(Agent, Agent.account_id == Account.id)
        .where(ClientView.referral_id == referral.id)
        .group_by(Account.id, Agent.id, ClientView.where)
    )
    for whom, where, first, times in session.execute(query):
        often = f", {times} times so far" if times > 1 else ""
        yield Entry(first, f"{whom} was shown the client's details {PLACES[where]}{often}")
    software = (
        select(ApiKey.name, func.min(ClientView.at))
        .join(ClientView, ClientView.api_key_id == ApiKey.id)
        .where(ClientView.referral_id == referral.id)
        .group_by(ApiKey.id)
    )
    for key, first in session.execute(software):
        yield Entry(first, f"{key} was given the client's details by its API key")
