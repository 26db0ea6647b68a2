"""The gate's refusals and clients' requests, in the desk's words."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bookings.models import AskedBy, Booking, BookingStatus
from app.clients.asking import GateAnswer
from app.clients.consent import Way
from app.clients.gate import Refusal
from app.clients.wishes import DoNotContact, Source
from app.core.formats import seconds, time_to_call
from app.history.entry import Entry
from app.inbound.client_calls import ClientCall
from app.inbound.client_reply import ClientReply
from app.inbound.voicemails import Voicemail
from app.offers.models import Offer
from app.people.models import Agent
from app.referrals.models import Referral
from app.referrals.responses import ClientResponse, Response

WHY_NOT: dict[str, str] = {
    Refusal.WISH: "they asked not to be called",
    Refusal.NO_CONSENT: "there is no consent to call them",
    Refusal.LAPSED: "their consent to be called has run out",
    Refusal.PREFERS_TEXT: "they would rather get a text",
    Refusal.ON_A_CALL: "they were on a call with another agent",
    Refusal.TOO_OFTEN: "they have been called as often as they may be",
    Refusal.TODAY: "they have been called as often as they may be in a day",
    Refusal.HOURS: "they can't be called at that hour",
}
BY: dict[Source, str] = {
    Source.TEXT: "by text",
    Source.KEY: "by a key on the phone",
    Source.PAGE: "on their page",
    Source.AGENT: "as their agent tells us",
    Source.API: "as the network's software tells us",
    Source.DESK: "as the desk tells us",
    Source.FILE: "by a list of numbers",
}

ON_THEIR_PAGE: dict[Response, str] = {
    Response.LOOKED: "The client looked at their page",
    Response.CALL_NOW: "The client asked to be called now",
    Response.CALL_AT: "The client asked for a call",
    Response.RATHER_TEXT: "The client would rather text",
    Response.WRONG_PERSON: "The client's page says: wrong person",
    Response.NO_CALLS: "The client's page says: please don't call",
}
BOOKED_BY = {AskedBy.AGENT: "by the agent", AskedBy.HOURS: "because of the client's hours"}
BOOKING_ENDS = {
    BookingStatus.PLACED: "The booked call was placed",
    BookingStatus.CANCELED: "The booked call was canceled",
    BookingStatus.REFUSED: "The booked call was not placed: the client may not be called",
}


def client_lines(session: Session, referral: Referral) -> Iterator[Entry]:
    """Why it was held, the calls refused, and the do-not-contact requests made about it."""
    if referral.duplicate_of is not None:
        yield Entry(referral.created_at, "It was held: the same client's same need had come before", important=True)
    refused = select(GateAnswer).where(
        GateAnswer.referral_id == referral.id, GateAnswer.way == Way.CALL, GateAnswer.allowed.is_(False)
    )
    for answer in session.scalars(refused):
        why = " and ".join(WHY_NOT[refusal] for refusal in answer.refusals)
        yield Entry(answer.at, f"The client was not called: {why}", important=True)
    yield from _response_lines(session, referral)
    yield from _booking_lines(session, referral)
    yield from _call_lines(session, referral)
    heard = select(DoNotContact).where(DoNotContact.referral_id == referral.id, DoNotContact.way == Way.CALL)
    for wish in session.scalars(heard):
        yield Entry(wish.at, f"The client asked not to be called, {BY[wish.source]}", important=True)
        if wish.lifted_at is not None:
            yield Entry(wish.lifted_at, "The client agreed to be called again")


def _response_lines(session: Session, referral: Referral) -> Iterator[Entry]:
    steps = select(ClientResponse).where(ClientResponse.referral_id == referral.id)
    for step in session.scalars(steps):
        words = ON_THEIR_PAGE[step.response]
        if step.call_at is not None:
            words += f", {time_to_call(step.call_at, referral.time_zone, 'en')}, their time"
        yield Entry(step.at, words, important=step.response is not Response.LOOKED)


def _call_lines(session: Session, referral: Referral) -> Iterator[Entry]:
    rang = (
        select(ClientCall, Agent.name)
        .join(Offer, Offer.id == ClientCall.offer_id)
        .outerjoin(Agent, Agent.id == ClientCall.taken_by)
        .where(Offer.referral_id == referral.id)
    )
    replies = select(ClientReply, Agent.name).join(Agent, Agent.id == ClientReply.agent_id)
    for reply, name in session.execute(replies.where(ClientReply.referral_id == referral.id)):
        yield Entry(reply.at, f'{name} answered by text: "{reply.body}"')
    left = select(Voicemail.at, Voicemail.seconds).join(ClientCall, ClientCall.id == Voicemail.client_call_id)
    of_these = left.join(Offer, Offer.id == ClientCall.offer_id).where(Offer.referral_id == referral.id)
    for at, length in session.execute(of_these):
        yield Entry(at, f"The client left a message of {seconds(length)}", important=True)
    for call, name in session.execute(rang):
        who = "The client" if call.attested else "Somebody with the client's number"
        yield Entry(call.at, f"{who} rang our number", important=True)
        if call.taken_at is not None:
            yield Entry(call.taken_at, f"{name} took the client's call", important=True)


def _booking_lines(session: Session, referral: Referral) -> Iterator[Entry]:
    booked = select(Booking).join(Offer, Offer.id == Booking.offer_id).where(Offer.referral_id == referral.id)
    for booking in session.scalars(booked):
        when = time_to_call(booking.due_at, referral.time_zone, "en")
        if booking.asked_by is not AskedBy.CLIENT:
            yield Entry(booking.created_at, f"A call was booked {BOOKED_BY[booking.asked_by]}, for {when}, their time")
        if booking.ended_at is not None:
            yield Entry(booking.ended_at, BOOKING_ENDS[booking.status])
