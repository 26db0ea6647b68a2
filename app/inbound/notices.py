"""What agents are told of calls and texts to our number: that a client rang back, that no call came of their text."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.calls.unplaced import UNPLACED as UNPLACED_NAME
from app.claims.page import ClaimView, claim_view
from app.claims.phases import Phase
from app.clients.models import Client
from app.core.clock import now
from app.notifications.cast import NOBODY, SampleClient
from app.notifications.channels.rules import Channel
from app.notifications.channels.suppression import Suppression
from app.notifications.kinds import KINDS, ON_THREE, Carried, Draft, Kind, Sample, Subject
from app.notifications.models import Notification
from app.offers.models import Offer
from app.offers.notices import NeedValues, need_values, offer_of, read_offers
from app.offers.rules import OfferStatus
from app.offers.service import newest_offer

STILL_WAITING = frozenset({Phase.MISSED, Phase.PIN, Phase.CLIENT_MISSED})
"""The faces of a page whose agent has been reached by nothing since."""
UNDECIDED = frozenset({Phase.CALLING, Phase.RINGING, Phase.STOPPING, Phase.DECLINING})
"""Another call is on its way, which may fail as well, or a decline can still be undone."""
LOOK_AGAIN = timedelta(seconds=2)


class ClientCalledValues(NeedValues):
    """Of the message that the client called back."""

    agent_first_name: str
    client: Client | SampleClient
    client_first_name: str
    called_at: datetime
    time_zone: str
    link: str


class UnplacedValues(NeedValues):
    """Of the text that no call came of theirs."""

    our_number: str
    pin: str | None
    reply: str | None
    link: str


def _client_called(draft: Draft) -> ClientCalledValues:
    offer = offer_of(draft.session, draft.notification)
    return ClientCalledValues(
        **need_values(offer.referral.need),
        agent_first_name=offer.agent.first_name,
        client=offer.referral.client,
        client_first_name=offer.referral.client.first_name,
        called_at=draft.notification.created_at,
        time_zone=offer.agent.time_zone,
        link=draft.links.portal(offer.referral_id),
    )


def _client_called_sample(sample: Sample) -> ClientCalledValues:
    return ClientCalledValues(
        **need_values(sample.cast.need),
        agent_first_name=sample.cast.agent_first_name,
        client=sample.cast.client,
        client_first_name=sample.cast.client.first_name,
        called_at=sample.at,
        time_zone="America/Chicago",
        link=sample.links.portal(NOBODY),
    )


def _unplaced(draft: Draft) -> UnplacedValues:
    """What the claim page offers right now: a number and a PIN, or another call."""
    offer = offer_of(draft.session, draft.notification)
    view = claim_view(draft.session, offer_id=offer.id, at=now())
    assert view is not None
    return UnplacedValues(
        **need_values(offer.referral.need),
        our_number=draft.links.our_number,
        pin=view.pin if view.phase is Phase.PIN else None,
        reply=_reply_for(draft.session, offer, set(draft.open_offers) - {offer.id}),
        link=draft.links.offer(offer.id),
    )


def _reply_for(session: Session, offer: Offer, others: Collection[UUID]) -> str | None:
    """What to text for another call about this offer; None: a text would be about another one."""
    if offer.status is not OfferStatus.CLAIMED:
        return f"1{offer.letter}" if others else "1"
    since = offer.created_at - timedelta(seconds=1)
    newest = newest_offer(session, agent_id=offer.agent_id, since=since)
    return "1" if newest is offer and not others else None


def _unplaced_sample(sample: Sample) -> UnplacedValues:
    return UnplacedValues(
        **need_values(sample.cast.need),
        our_number=sample.links.our_number,
        pin="482913",
        reply=f"1{sample.cast.letter or ''}",
        link=sample.links.offer(NOBODY),
    )


def _why_drop_unplaced(session: Session, notification: Notification, at: datetime) -> Suppression | None:
    """That text is of use while the referral is not gone, and no call has come since."""
    view = _view(session, notification, at)
    waits = view is not None and not view.agent_paused and view.phase in STILL_WAITING | UNDECIDED
    return None if waits else Suppression.OVER


def _undecided_until(session: Session, notification: Notification, at: datetime) -> datetime | None:
    view = _view(session, notification, at)
    return at + LOOK_AGAIN if view is not None and view.phase in UNDECIDED else None


def _view(session: Session, notification: Notification, at: datetime) -> ClaimView | None:
    assert notification.offer_id is not None
    return claim_view(session, offer_id=notification.offer_id, at=at)


CLIENT_CALLED = KINDS.declare(
    Kind(
        name="client_called",
        subject=Subject.OFFER,
        channels=ON_THREE,
        title="Client called back",
        when="To the agent who claimed, when they missed it.",
        place=5,
        values=_client_called,
        sample=_client_called_sample,
        line="that the client called back",
        quiet_hours=True,
        carried=Carried.WHILE_ON,
        repeats=True,
        shows_client=True,
        prefetch=read_offers,
    )
)
UNPLACED = KINDS.declare(
    Kind(
        name=UNPLACED_NAME,
        subject=Subject.OFFER,
        channels=(Channel.SMS,),
        title="Call couldn't be placed",
        when="To an agent who texted 1, when no call came of it.",
        place=4,
        values=_unplaced,
        sample=_unplaced_sample,
        line="that the call couldn't be placed",
        over="it was no longer needed",
        carried=Carried.WHILE_ON,
        prefetch=read_offers,
        why_drop=_why_drop_unplaced,
        waits_until=_undecided_until,
    )
)
