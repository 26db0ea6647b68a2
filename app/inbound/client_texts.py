"""A client texts our number: their agent hears of it, and answers through our number from the portal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.core.queue.outbox import Outbox, outbox_with
from app.inbound.client_reply import ClientReply
from app.inbound.text_notices import AGENT_REPLY, CLIENT_TEXTED
from app.notifications.channels.rules import Channel
from app.notifications.inbound_sms import InboundText
from app.notifications.queueing import queue_notification
from app.notifications.reach.tell import tell_agent
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.pipeline.deals import note_contact
from app.referrals.models import Referral

MOST_SHOWN = 20


@dataclass(frozen=True)
class Line:
    """One text of a conversation. `ours` is the agent's."""

    at: datetime
    body: str
    ours: bool


def text_of_client(session: Session, *, text_id: UUID, phone: str, at: datetime) -> Outbox | None:
    """Passes a text on to the agent of the client with this phone; None: nobody has such a client."""
    query = (
        select(Offer)
        .join(Referral, Referral.id == Offer.referral_id)
        .join(Client, Client.id == Referral.client_id)
        .where(Client.phone == phone, Offer.status == OfferStatus.CLAIMED)
        .order_by(Offer.ended_at.desc())
    )
    offer = session.scalars(query.limit(1)).first()
    if offer is None:
        return None
    session.get_one(InboundText, text_id).offer_id = offer.id
    session.flush()
    note_contact(session, referral_id=offer.referral_id, at=at)
    return tell_agent(session, offer.agent, kind=CLIENT_TEXTED, offer_id=offer.id, at=at)


def reply_to_client(session: Session, *, offer: Offer, body: str, at: datetime) -> Outbox:
    """Sends the agent's answer as a text from our number, if the gate lets it go out."""
    session.add(ClientReply(referral_id=offer.referral_id, agent_id=offer.agent_id, body=body, at=at))
    session.flush()
    note_contact(session, referral_id=offer.referral_id, at=at)
    queued = queue_notification(
        session,
        client_id=offer.referral.client_id,
        kind=AGENT_REPLY,
        channel=Channel.SMS,
        at=at,
        referral_id=offer.referral_id,
    )
    return outbox_with(queued)


def conversation(session: Session, *, offer: Offer) -> Sequence[Line]:
    """The newest texts between client and agent, oldest first."""
    theirs = (
        select(InboundText.received_at, InboundText.body)
        .join(Offer, Offer.id == InboundText.offer_id)
        .where(Offer.referral_id == offer.referral_id, InboundText.agent_id.is_(None))
    )
    ours = select(ClientReply.at, ClientReply.body).where(ClientReply.referral_id == offer.referral_id)
    lines = [Line(at, body, ours=False) for at, body in session.execute(theirs)]
    lines += [Line(at, body, ours=True) for at, body in session.execute(ours)]
    return sorted(lines, key=lambda line: line.at)[-MOST_SHOWN:]
