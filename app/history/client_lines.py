"""The gate's refusals and clients' requests, in plain words."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bookings.models import AskedBy, Booking, BookingStatus
from app.clients.asking import GateAnswer
from app.clients.consent import Way
from app.clients.gate import Refusal
from app.clients.wishes import DoNotContact, Source
from app.core.formats import listed, seconds, time_to_call
from app.core.language import gettext as _
from app.core.language import mark
from app.history.entry import Entry
from app.inbound.client_calls import ClientCall
from app.inbound.client_reply import ClientReply
from app.inbound.voicemails import Voicemail
from app.offers.models import Offer
from app.people.models import Agent
from app.referrals.models import Referral
from app.referrals.responses import ClientResponse, Response

WHY_NOT: dict[str, str] = {
    Refusal.WISH: mark("they asked not to be called"),
    Refusal.NO_CONSENT: mark("there is no consent to call them"),
    Refusal.LAPSED: mark("their consent to be called has run out"),
    Refusal.PREFERS_TEXT: mark("they would rather get a text"),
    Refusal.ON_A_CALL: mark("they were on a call with another agent"),
    Refusal.TOO_OFTEN: mark("they have been called as often as they may be"),
    Refusal.TODAY: mark("they have been called as often as they may be in a day"),
    Refusal.HOURS: mark("they can't be called at that hour"),
}
BY: dict[Source, str] = {
    Source.TEXT: mark("by text"),
    Source.KEY: mark("by a key on the phone"),
    Source.PAGE: mark("on their page"),
    Source.AGENT: mark("as their agent tells us"),
    Source.API: mark("as the network's software tells us"),
    Source.DESK: mark("as the desk tells us"),
    Source.FILE: mark("by a list of numbers"),
}

ON_THEIR_PAGE: dict[Response, str] = {
    Response.LOOKED: mark("The client looked at their page"),
    Response.CALL_NOW: mark("The client asked to be called now"),
    Response.CALL_AT: mark("The client asked for a call"),
    Response.RATHER_TEXT: mark("The client would rather text"),
    Response.WRONG_PERSON: mark("The client's page says: wrong person"),
    Response.NO_CALLS: mark("The client's page says: please don't call"),
}
BOOKED_BY = {
    AskedBy.AGENT: mark("A call was booked by the agent, for %(time)s, their time"),
    AskedBy.DESK: mark("A call was booked by the network, for %(time)s, their time"),
    AskedBy.HOURS: mark("A call was booked because of the client's hours, for %(time)s, their time"),
}
RANG_US = mark("The client rang our number")
RANG_US_PERHAPS = mark("Somebody with the client's number rang our number")
BOOKING_ENDS = {
    BookingStatus.PLACED: mark("The booked call was placed"),
    BookingStatus.CANCELED: mark("The booked call was canceled"),
    BookingStatus.REFUSED: mark("The booked call was not placed: the client may not be called"),
}


def client_lines(session: Session, referral: Referral) -> Iterator[Entry]:
    """Why it was held, the calls refused, and the do-not-contact requests made about it."""
    if referral.duplicate_of is not None:
        yield Entry(referral.created_at, _("It was held: the same client's same need had come before"), important=True)
    refused = select(GateAnswer).where(
        GateAnswer.referral_id == referral.id, GateAnswer.way == Way.CALL, GateAnswer.allowed.is_(False)
    )
    for answer in session.scalars(refused):
        why = listed([_(WHY_NOT[refusal]) for refusal in answer.refusals])
        yield Entry(answer.at, _("The client was not called: %(why)s", why=why), important=True)
    yield from _response_lines(session, referral)
    yield from _booking_lines(session, referral)
    yield from _call_lines(session, referral)
    heard = select(DoNotContact).where(DoNotContact.referral_id == referral.id, DoNotContact.way == Way.CALL)
    for wish in session.scalars(heard):
        yield Entry(wish.at, _("The client asked not to be called, %(how)s", how=_(BY[wish.source])), important=True)
        if wish.lifted_at is not None:
            yield Entry(wish.lifted_at, _("The client agreed to be called again"))


def _response_lines(session: Session, referral: Referral) -> Iterator[Entry]:
    steps = select(ClientResponse).where(ClientResponse.referral_id == referral.id)
    for step in session.scalars(steps):
        words = _(ON_THEIR_PAGE[step.response])
        if step.call_at is not None:
            words = _("%(line)s, %(time)s, their time", line=words, time=time_to_call(step.call_at, referral.time_zone))
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
        yield Entry(reply.at, _('%(agent)s answered by text: "%(text)s"', agent=name, text=reply.body))
    left = select(Voicemail.at, Voicemail.seconds).join(ClientCall, ClientCall.id == Voicemail.client_call_id)
    of_these = left.join(Offer, Offer.id == ClientCall.offer_id).where(Offer.referral_id == referral.id)
    for at, length in session.execute(of_these):
        yield Entry(at, _("The client left a message of %(seconds)s", seconds=seconds(length)), important=True)
    for call, name in session.execute(rang):
        rang_us = RANG_US if call.attested else RANG_US_PERHAPS
        yield Entry(call.at, _(rang_us), important=True)
        if call.taken_at is not None:
            yield Entry(call.taken_at, _("%(agent)s took the client's call", agent=name), important=True)


def _booking_lines(session: Session, referral: Referral) -> Iterator[Entry]:
    booked = select(Booking).join(Offer, Offer.id == Booking.offer_id).where(Offer.referral_id == referral.id)
    for booking in session.scalars(booked):
        when = time_to_call(booking.due_at, referral.time_zone)
        if booking.asked_by is not AskedBy.CLIENT:
            yield Entry(booking.created_at, _(BOOKED_BY[booking.asked_by], time=when))
        if booking.ended_at is not None:
            yield Entry(booking.ended_at, _(BOOKING_ENDS[booking.status]))
