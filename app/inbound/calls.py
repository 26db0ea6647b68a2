"""Somebody rings our number: an agent calling back, an agent with a PIN, a client, or a stranger.

A number proves little: only the carrier's own attestation lets an agent in without a PIN, and a caller who hides
their number is never taken for anybody.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, literal, select
from sqlalchemy.orm import Session

from app.calls.models import Call, Direction
from app.calls.pin import offer_of_pin
from app.calls.service import open_inbound
from app.claims.models import Claim
from app.clients.models import Client
from app.core.names import shown_agent
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.people.models import Agent
from app.referrals.models import Referral
from app.referrals.rules import Need, ReferralStatus

ATTESTED = "TN-Validation-Passed-A"
"""The carrier vouches that the caller may use this number. https://www.twilio.com/docs/voice/trusted-calling-with-shakenstir"""


@dataclass(frozen=True)
class Caller:
    """Who rings, as far as the carrier tells. `phone` is None when it is hidden."""

    phone: str | None
    attested: bool
    sid: str


@dataclass(frozen=True)
class CalledBack:
    """An agent about an offer they missed: the menu of that offer, in this call."""

    call_id: UUID


@dataclass(frozen=True)
class ClientCalls:
    """A client: connect them to the agent who has them."""

    agent_phone: str
    """The one that served the offer."""
    agent_first_name: str | None
    """None for a caller who cannot be told from somebody with their number: it is not said whose client they are."""
    offer_id: UUID
    """The offer by which the agent has them."""


@dataclass(frozen=True)
class BeingFound:
    """A client whose referral nobody has claimed yet."""


@dataclass(frozen=True)
class AskPin:
    """Ask for the PIN; `need` is the referral to name, when the number is an agent's."""

    need: Need | None


def who_calls(session: Session, *, caller: Caller, at: datetime) -> CalledBack | ClientCalls | BeingFound | AskPin:
    """What to do with a caller. The same call gets the same answer."""
    known = session.scalar(select(Call.id).where(Call.sid == caller.sid))
    if known is not None:
        return CalledBack(known)
    if caller.phone is None:
        return AskPin(None)
    offer = _missed_offer(session, caller.phone, at)
    if offer is not None and caller.attested:
        return CalledBack(open_inbound(session, offer=offer, phone=caller.phone, sid=caller.sid, at=at).id)
    if offer is not None:
        return AskPin(offer.referral.need)
    found = client_caller(session, caller=caller)
    if found is None and caller.attested and _waits_for_agent(session, caller.phone):
        return BeingFound()
    return found or AskPin(None)


def client_referral(session: Session, *, phone: str) -> UUID | None:
    """The newest referral of a client with this phone."""
    query = select(Referral.id).join(Client, Client.id == Referral.client_id).where(Client.phone == phone)
    return session.scalar(query.order_by(Referral.id.desc()).limit(1))


def client_language(session: Session, *, phone: str) -> str | None:
    """What the client with this phone speaks, as far as anybody has said."""
    query = select(Client.language).where(Client.phone == phone, Client.language.is_not(None))
    return session.scalar(query.order_by(Client.id.desc()).limit(1))


def _waits_for_agent(session: Session, phone: str) -> bool:
    query = select(Referral.id).join(Client, Client.id == Referral.client_id)
    waiting = Referral.status.in_((ReferralStatus.OPEN, ReferralStatus.HELD))
    return session.scalar(query.where(Client.phone == phone, waiting).limit(1)) is not None


def enter_pin(
    session: Session, *, digits: str, caller: Caller, at: datetime, agent_id: UUID | None = None
) -> UUID | None:
    """The call in which to claim the offer of this PIN, or None when there is no such PIN.

    From a number that is an agent's (`agent_id`), if the carrier does not vouch for it, only a PIN of theirs counts:
    whoever forges it has nothing to guess but what that agent has open.
    """
    offer = offer_of_pin(session, digits, at=at, agent_id=agent_id)
    if offer is None:
        return None
    phone = caller.phone or offer.phone or offer.agent.phone
    call = open_inbound(session, offer=offer, phone=phone, sid=caller.sid, at=at)
    if call.offer_id != offer.id:  # typed into the menu of another offer: the PIN says which referral is meant
        call.offer_id, call.agent_id = offer.id, offer.agent_id
        session.flush()
    return call.id


def language_of_caller(session: Session, phone: str | None) -> str | None:
    """What whoever has this number speaks: an agent, or a client."""
    if phone is None:
        return None
    agents = session.scalar(select(Agent.language).where(Agent.phone == phone))
    return agents or client_language(session, phone=phone)


def agent_calling(session: Session, phone: str | None) -> UUID | None:
    """The agent whose own number this is."""
    return None if phone is None else session.scalar(select(Agent.id).where(Agent.phone == phone))


def _missed_offer(session: Session, phone: str, at: datetime) -> Offer | None:
    """The newest open offer for which this agent has been called: by their own phone, or by the one that serves it."""
    is_open = and_(
        Offer.status == literal(OfferStatus.SENT, literal_execute=True),  # so that a partial index fits
        Offer.decline_at.is_(None),
        Offer.expires_at > at,
    )
    by_their_own = select(Offer.id).join(Agent, Agent.id == Offer.agent_id).where(Agent.phone == phone, is_open)
    by_what_serves_it = select(Offer.id).where(Offer.phone == phone, is_open)
    return session.scalar(
        select(Offer)
        .join(Agent, Agent.id == Offer.agent_id)
        .join(Call, Call.offer_id == Offer.id)
        .where(
            Offer.id.in_(by_their_own.union_all(by_what_serves_it)),
            Agent.paused_at.is_(None),
            Call.direction == Direction.OUTBOUND,
        )
        .order_by(Call.id.desc())
        .limit(1)
    )


def client_caller(session: Session, *, caller: Caller) -> ClientCalls | None:
    """The agent of the client who rings; of the newest claim, when there are several."""
    row = session.execute(
        select(func.coalesce(Offer.phone, Agent.phone).label("phone"), Agent.name, Claim.offer_id)
        .join(Claim, Claim.agent_id == Agent.id)
        .join(Offer, Offer.id == Claim.offer_id)
        .join(Referral, Referral.id == Claim.referral_id)
        .join(Client, Client.id == Referral.client_id)
        .where(Client.phone == caller.phone, Claim.ended_at.is_(None))
        .order_by(Claim.at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return ClientCalls(row.phone, shown_agent(row.name) if caller.attested else None, row.offer_id)
