"""The mail with the client's details, to the agent who has been on the phone with them or is to be."""

from datetime import datetime
from typing import TypedDict

from sqlalchemy import func, select

from app.calls.ceiling import CEILING, lately
from app.calls.models import Call
from app.clients.consent import SPELLED
from app.clients.models import Client
from app.core.language import gettext as _
from app.notifications.cast import NOBODY, SampleClient
from app.notifications.channels.rules import Channel
from app.notifications.kinds import KINDS, Carried, Draft, Kind, Sample, Subject
from app.offers.notices import offer_of, read_offers
from app.referrals.models import Referral
from app.referrals.rules import Need


class DetailsValues(TypedDict):
    """Of the mail to the agent who claimed."""

    agent_first_name: str
    client: Client | SampleClient
    need: Need
    notes: str | None
    more: list[tuple[str, str]]
    """Other known details, as label and value."""
    link: str
    claimed_at: datetime | None
    time_zone: str
    talked: bool
    picked_up: bool
    """By a machine, or nobody knows by whom, if they have not talked."""


class CeilingValues(TypedDict):
    """Of the mail to the admins: of the hour before, and `most` the agents with most calls."""

    calls: int
    texts: int
    most: list[tuple[str, int]]
    link: str


def _ceiling(draft: Draft) -> CeilingValues:
    calls, texts, most = lately(draft.session, draft.at)
    return CeilingValues(calls=calls, texts=texts, most=most, link=draft.links.desk())


def _ceiling_sample(sample: Sample) -> CeilingValues:
    return CeilingValues(calls=3000, texts=412, most=[(sample.cast.agent_first_name, 61)], link=sample.links.desk())


def _details(draft: Draft) -> DetailsValues:
    offer = offer_of(draft.session, draft.notification)
    calls = select(func.bool_or(Call.connected_at.is_not(None)), func.bool_or(Call.picked_up_at.is_not(None)))
    talked, picked_up = draft.session.execute(calls.where(Call.offer_id == offer.id)).one()
    return DetailsValues(
        agent_first_name=offer.agent.first_name,
        client=offer.referral.client,
        need=offer.referral.need,
        notes=offer.referral.notes,
        more=_more(offer.referral),
        link=draft.links.portal(offer.referral_id),
        claimed_at=offer.referral.claimed_at,
        time_zone=offer.agent.time_zone,
        talked=bool(talked),
        picked_up=bool(picked_up),
    )


def _more(referral: Referral) -> list[tuple[str, str]]:
    known = [
        (_("Address"), referral.address),
        (_("Prefers"), _(SPELLED[referral.client.prefers]) if referral.client.prefers else None),
        (_("Best time"), referral.best_time),
        (_("Timeline"), referral.timeline),
    ]
    return [(name, value) for name, value in known if value]


def _details_sample(sample: Sample) -> DetailsValues:
    return DetailsValues(
        agent_first_name=sample.cast.agent_first_name,
        client=sample.cast.client,
        need=sample.cast.need,
        notes=sample.cast.notes,
        more=[(_("Address"), "1200 Barton Springs Rd"), (_("Best time"), "evenings")],
        link=sample.links.portal(NOBODY),
        claimed_at=sample.at,
        time_zone="America/Chicago",
        talked=True,
        picked_up=True,
    )


DETAILS = KINDS.declare(
    Kind(
        name="details",
        subject=Subject.OFFER,
        channels=(Channel.EMAIL,),
        title="Client's details",
        when="To the agent who claimed, after the call.",
        place=3,
        values=_details,
        sample=_details_sample,
        line="with the client's details",
        carried=Carried.WHILE_ON,
        shows_client=True,
        prefetch=read_offers,
    )
)
KINDS.declare(
    Kind(
        name=CEILING,
        subject=Subject.ACCOUNT,
        channels=(Channel.EMAIL,),
        title="Too many calls or texts",
        when="To admins, once an hour, when calls or texts reach their ceiling.",
        place=13,
        values=_ceiling,
        sample=_ceiling_sample,
    )
)
