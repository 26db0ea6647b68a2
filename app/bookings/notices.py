"""Messages to the client: who will call, when a booked call is near. To the agent: what the client asks for."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.bookings.models import open_booking
from app.core.formats import time_to_call
from app.core.language import mark
from app.notifications.cast import NOBODY
from app.notifications.channels.rules import Channel
from app.notifications.channels.suppression import Suppression
from app.notifications.kinds import KINDS, ON_THREE, Carried, Draft, Kind, Sample, Subject
from app.notifications.models import Notification
from app.offers.models import Offer
from app.offers.notices import NeedValues, need_values, offer_of, read_offers
from app.offers.rules import OfferStatus
from app.referrals.models import Referral
from app.referrals.responses import Response, last_request

TO_CLIENT = (Channel.EMAIL, Channel.SMS)


class ClientValues(NeedValues):
    """Of a message to the client. `when`: the time of the booked call, in their zone and language; or empty."""

    client_first_name: str
    agent_first_name: str
    brokerage: str
    our_number: str
    when: str
    link: str


class AskedValues(NeedValues):
    """Of a message to the agent about what the client asks for."""

    agent_first_name: str
    client_first_name: str
    asked: str
    when: str
    link: str


class SoonValues(NeedValues):
    """Of the reminder to the agent."""

    agent_first_name: str
    client_first_name: str
    due_at: datetime
    time_zone: str
    link: str


def claimed_offer(session: Session, *, referral_id: UUID) -> Offer | None:
    """The offer by which the referral was claimed."""
    query = select(Offer).where(Offer.referral_id == referral_id, Offer.status == OfferStatus.CLAIMED)
    return session.scalar(query)


def read_referrals(session: Session, referral_ids: Collection[UUID]) -> Sequence[object]:
    """Referrals and their clients, in one query."""
    query = select(Referral).options(joinedload(Referral.client)).where(Referral.id.in_(referral_ids))
    return session.scalars(query).all()


def _client(draft: Draft) -> ClientValues:
    assert draft.notification.referral_id is not None
    referral = draft.session.get_one(Referral, draft.notification.referral_id)
    offer = claimed_offer(draft.session, referral_id=referral.id)
    assert offer is not None
    booking = open_booking(draft.session, offer_id=offer.id)
    zone = referral.matter.places[0].zone
    return ClientValues(
        **need_values(referral.need),
        client_first_name=referral.client.first_name,
        agent_first_name=offer.agent.first_name,
        brokerage=offer.agent.brokerage or "",
        our_number=draft.links.our_number,
        when=time_to_call(booking.due_at, zone) if booking is not None else "",
        link=draft.links.client(referral.id),
    )


def _client_sample(sample: Sample) -> ClientValues:
    return ClientValues(
        **need_values(sample.cast.need),
        client_first_name=sample.cast.client.first_name,
        agent_first_name=sample.cast.agent_first_name,
        brokerage="Lone Star Realty",
        our_number=sample.links.our_number,
        when=time_to_call(sample.at, "America/Chicago"),
        link=sample.links.client(NOBODY),
    )


def _asked(draft: Draft) -> AskedValues:
    offer = offer_of(draft.session, draft.notification)
    asked = last_request(draft.session, referral_id=offer.referral_id)
    assert asked is not None
    when = time_to_call(asked.call_at, offer.agent.time_zone) if asked.call_at is not None else ""
    return AskedValues(
        **need_values(offer.referral.need),
        agent_first_name=offer.agent.first_name,
        client_first_name=offer.referral.client.first_name,
        asked=asked.response,
        when=when,
        link=draft.links.portal(offer.referral_id),
    )


def _asked_sample(sample: Sample) -> AskedValues:
    return AskedValues(
        **need_values(sample.cast.need),
        agent_first_name=sample.cast.agent_first_name,
        client_first_name=sample.cast.client.first_name,
        asked=Response.CALL_AT,
        when=time_to_call(sample.at, "America/Chicago"),
        link=sample.links.portal(NOBODY),
    )


def _soon(draft: Draft) -> SoonValues:
    offer = offer_of(draft.session, draft.notification)
    booking = open_booking(draft.session, offer_id=offer.id)
    assert booking is not None
    return SoonValues(
        **need_values(offer.referral.need),
        agent_first_name=offer.agent.first_name,
        client_first_name=offer.referral.client.first_name,
        due_at=booking.due_at,
        time_zone=offer.agent.time_zone,
        link=draft.links.offer(offer.id),
    )


def _soon_sample(sample: Sample) -> SoonValues:
    return SoonValues(
        **need_values(sample.cast.need),
        agent_first_name=sample.cast.agent_first_name,
        client_first_name=sample.cast.client.first_name,
        due_at=sample.at,
        time_zone="America/Chicago",
        link=sample.links.offer(NOBODY),
    )


def _why_not_claimed(session: Session, notification: Notification, _at: datetime) -> Suppression | None:
    assert notification.referral_id is not None
    return None if claimed_offer(session, referral_id=notification.referral_id) is not None else Suppression.OVER


def _why_not_booked(session: Session, notification: Notification, _at: datetime) -> Suppression | None:
    offer_id = notification.offer_id
    if offer_id is None:
        assert notification.referral_id is not None
        claimed = claimed_offer(session, referral_id=notification.referral_id)
        offer_id = claimed.id if claimed is not None else None
    booked = open_booking(session, offer_id=offer_id) if offer_id is not None else None
    return None if booked is not None else Suppression.OVER


PREPARED = KINDS.declare(
    Kind(
        name="prepared",
        subject=Subject.REFERRAL,
        channels=TO_CLIENT,
        title="Your agent",
        when="To the client, when an agent has claimed: who will call, and from where. As a text only with consent.",
        place=16,
        values=_client,
        sample=_client_sample,
        line=mark("about who their agent is"),
        to_client=True,
        repeats=True,
        prefetch=read_referrals,
        why_drop=_why_not_claimed,
    )
)
CLIENT_BOOKED = KINDS.declare(
    Kind(
        name="client_booked",
        subject=Subject.REFERRAL,
        channels=TO_CLIENT,
        title="Your call is near",
        when="To the client, ten minutes before a booked call. As a text only with consent.",
        place=17,
        values=_client,
        sample=_client_sample,
        line=mark("that their call is near"),
        to_client=True,
        repeats=True,
        prefetch=read_referrals,
        why_drop=_why_not_booked,
    )
)
BOOKED_SOON = KINDS.declare(
    Kind(
        name="booked_soon",
        subject=Subject.OFFER,
        channels=ON_THREE,
        title="Booked call is near",
        when="To the agent, ten minutes before a booked call.",
        place=18,
        values=_soon,
        sample=_soon_sample,
        line="that a booked call is near",
        carried=Carried.WHILE_ON,
        repeats=True,
        prefetch=read_offers,
        why_drop=_why_not_booked,
    )
)
CLIENT_ASKS = KINDS.declare(
    Kind(
        name="client_asks",
        subject=Subject.OFFER,
        channels=ON_THREE,
        title="Client asks for something",
        when="To the agent, when the client names a time, would rather text, or wants no calls.",
        place=19,
        values=_asked,
        sample=_asked_sample,
        line="about what the client asks for",
        carried=Carried.WHILE_ON,
        repeats=True,
        prefetch=read_offers,
    )
)
