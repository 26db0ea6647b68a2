"""PINs: random, unique among those in use, and gone with their offer."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.calls.models import Pin
from app.core.database.columns import table_of
from app.core.database.ids import new_id
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.people.models import Agent

LENGTH = 6
FIRST = "03456789"
DRAWS = 50
"""Of a million numbers; not to find a free one so often means that a million offers are open."""

PIN = table_of(Pin)
GIVE = insert(PIN).on_conflict_do_nothing().returning(PIN.c.id)


def draw() -> str:
    """The digits of a PIN, which another offer may have. None begins with a key of the menu: a pause presses none."""
    return f"{secrets.choice(FIRST)}{secrets.randbelow(10 ** (LENGTH - 1)):0{LENGTH - 1}}"


def give_pin(session: Session, *, offer_id: UUID, at: datetime) -> None:
    """Gives an offer a PIN unless it has one. The caller holds the offer's lock."""
    for _ in range(DRAWS):
        row = {"id": new_id(), "offer_id": offer_id, "digits": draw(), "created_at": at}
        given = session.execute(GIVE, row).scalar()
        if given is not None or session.scalar(select(Pin.id).where(Pin.offer_id == offer_id)) is not None:
            return
    raise RuntimeError("no PIN is free")


def offer_of_pin(session: Session, digits: str, *, at: datetime, agent_id: UUID | None = None) -> Offer | None:
    """The open offer a PIN belongs to, of an agent who is not paused; of this agent, if one is given."""
    return session.scalar(
        select(Offer)
        .join(Pin, Pin.offer_id == Offer.id)
        .join(Agent, Agent.id == Offer.agent_id)
        .where(
            Pin.digits == digits,
            Offer.status == OfferStatus.SENT,
            Offer.decline_at.is_(None),
            Offer.expires_at > at,
            Agent.paused_at.is_(None),
            true() if agent_id is None else Agent.id == agent_id,
        )
    )


def forget_pins(session: Session) -> None:
    """Frees the PINs of offers that are over."""
    over = select(Offer.id).where(Offer.id == Pin.offer_id, Offer.status != OfferStatus.SENT).exists()
    session.execute(delete(Pin).where(over).execution_options(synchronize_session=False))
