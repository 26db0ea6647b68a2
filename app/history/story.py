"""What happened between an agent and their client, day by day, as the agent reads it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.models import Call
from app.calls.reached import OUTCOME_WORDS, Reached
from app.calls.rules import CallStatus
from app.claims.models import Claim, ClaimEnd, Via
from app.core.clock import now
from app.core.formats import seconds
from app.history.client_lines import client_lines
from app.history.deal_lines import deal_lines, handover_lines
from app.history.entry import Entry
from app.history.message_lines import message_line
from app.notifications.models import Notification
from app.offers.models import Offer
from app.people.models import Agent
from app.referrals.models import Referral

CLAIMED = {
    Via.KEY: "claimed it with the key 1",
    Via.PIN: "claimed it with the PIN",
    Via.HANDOVER: "took it over",
}
REACHED = {
    Reached.PERSON: "{who} talked with {client}",
    Reached.VOICEMAIL: "{who} reached {client}'s voicemail",
    Reached.SCREENED: "A machine picked up {client}'s phone",
    Reached.UNKNOWN: "{client}'s phone was picked up",
}


@dataclass(frozen=True)
class Day:
    """One day, newest entry first."""

    date: date
    entries: Sequence[Entry]


def story(session: Session, *, referral: Referral, agent: Agent) -> list[Day]:
    """Everything since the referral was first claimed, newest day first, in the agent's own zone."""
    named = _Named(agent.id)
    entries = [
        *_claims(session, referral, named),
        *_calls(session, referral, named),
        *_messages(session, referral),
        *deal_lines(session, referral, named=named),
        *handover_lines(session, referral, named=named),
        *client_lines(session, referral),
    ]
    entries.sort(key=attrgetter("at"), reverse=True)
    zone = ZoneInfo(agent.time_zone)
    return [Day(day, list(of_day)) for day, of_day in groupby(entries, lambda entry: entry.at.astimezone(zone).date())]


@dataclass(frozen=True)
class _Named:
    """The reader is "You", everybody else has a name."""

    reader: UUID

    def __call__(self, agent_id: UUID, name: str) -> str:
        return "You" if agent_id == self.reader else name


def _claims(session: Session, referral: Referral, named: _Named) -> Iterator[Entry]:
    claims = select(Claim, Agent.name).join(Agent, Agent.id == Claim.agent_id)
    for claim, name in session.execute(claims.where(Claim.referral_id == referral.id)):
        yield Entry(claim.at, f"{named(claim.agent_id, name)} {CLAIMED[claim.via]}", important=True)
        if claim.ended_at is not None and claim.ended_how is ClaimEnd.RELEASED:
            yield Entry(claim.ended_at, f"{named(claim.agent_id, name)} gave it back", important=True)


def _calls(session: Session, referral: Referral, named: _Named) -> Iterator[Entry]:
    calls = (
        select(Call, Agent.name)
        .join(Offer, Offer.id == Call.offer_id)
        .join(Agent, Agent.id == Call.agent_id)
        .where(Offer.referral_id == referral.id, Call.accepted_at.is_not(None))
    )
    client = referral.client.first_name
    for call, name in session.execute(calls):
        who = named(call.agent_id, name)
        if call.picked_up_at is not None:
            lasted = f", {seconds(call.client_seconds)}" if call.client_seconds else ""
            words = REACHED[call.reached or Reached.UNKNOWN].format(who=who, client=client)
            yield Entry(call.picked_up_at, words + lasted, important=call.reached is Reached.PERSON)
        elif call.status is CallStatus.CLIENT_MISSED:
            yield Entry(call.ended_at or call.requested_at, f"{who} rang {client}, who didn't pick up")
        if call.outcome is not None and call.outcome_at is not None:
            yield Entry(call.outcome_at, f"{who} said: {OUTCOME_WORDS[call.outcome].lower()}")


def _messages(session: Session, referral: Referral) -> Iterator[Entry]:
    """To the client: what they were told."""
    query = select(Notification).where(Notification.referral_id == referral.id, Notification.client_id.is_not(None))
    at = now()
    for message in session.scalars(query):
        moment = message.ended_at or message.sent_at or message.created_at
        yield Entry(moment, message_line(message, referral.client.first_name, at))
