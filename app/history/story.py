"""What happened between an agent and their client, day by day, as the agent reads it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.models import Call
from app.calls.reached import OUTCOME_WORDS, Reached
from app.calls.rules import CallStatus
from app.claims.models import Claim, ClaimEnd, Via
from app.core.clock import now
from app.core.formats import seconds
from app.core.language import gettext as _
from app.core.language import mark
from app.history.client_lines import client_lines
from app.history.deal_lines import deal_lines, handover_lines
from app.history.entry import Entry
from app.history.message_lines import message_line
from app.history.teller import Line, Teller
from app.notifications.models import Notification
from app.offers.models import Offer
from app.people.models import Agent
from app.referrals.models import Referral

CLAIMED = {
    Via.KEY: Line(mark("You claimed it with the key 1"), mark("%(who)s claimed it with the key 1")),
    Via.PIN: Line(mark("You claimed it with the PIN"), mark("%(who)s claimed it with the PIN")),
    Via.HANDOVER: Line(mark("You took it over"), mark("%(who)s took it over")),
    Via.DESK: Line(mark("Your network gave it to you"), mark("The network gave it to %(who)s")),
}
ENDED = {
    ClaimEnd.BY_DESK: Line.alike(mark("The network took it back")),
    ClaimEnd.RELEASED: Line(mark("You gave it back"), mark("%(who)s gave it back")),
    ClaimEnd.NOT_WORKED: Line(
        mark("It went to another agent: you had done nothing"),
        mark("It went to another agent: %(who)s had done nothing"),
    ),
}
"""A handover has lines of its own."""
REACHED = {
    Reached.PERSON: Line(mark("You talked with %(client)s"), mark("%(who)s talked with %(client)s")),
    Reached.VOICEMAIL: Line(mark("You reached %(client)s's voicemail"), mark("%(who)s reached %(client)s's voicemail")),
    Reached.SCREENED: Line.alike(mark("A machine picked up %(client)s's phone")),
    Reached.UNKNOWN: Line.alike(mark("%(client)s's phone was picked up")),
}
RANG_IN_VAIN = Line(
    mark("You rang %(client)s, who didn't pick up"), mark("%(who)s rang %(client)s, who didn't pick up")
)
SAID = Line(mark("You said: %(outcome)s"), mark("%(who)s said: %(outcome)s"))


@dataclass(frozen=True)
class Day:
    """One day, newest entry first."""

    date: date
    entries: Sequence[Entry]


def story(session: Session, *, referral: Referral, agent: Agent) -> list[Day]:
    """Everything since the referral was first claimed, newest day first, in the agent's own zone."""
    teller = Teller(agent.id)
    entries = [
        *_claims(session, referral, teller),
        *_calls(session, referral, teller),
        *_messages(session, referral),
        *deal_lines(session, referral, teller=teller),
        *handover_lines(session, referral, teller=teller),
        *client_lines(session, referral),
    ]
    entries.sort(key=attrgetter("at"), reverse=True)
    zone = ZoneInfo(agent.time_zone)
    return [Day(day, list(of_day)) for day, of_day in groupby(entries, lambda entry: entry.at.astimezone(zone).date())]


def _claims(session: Session, referral: Referral, teller: Teller) -> Iterator[Entry]:
    claims = select(Claim, Agent.name).join(Agent, Agent.id == Claim.agent_id)
    for claim, name in session.execute(claims.where(Claim.referral_id == referral.id)):
        yield Entry(claim.at, teller.tell(CLAIMED[claim.via], claim.agent_id, name), important=True)
        if claim.ended_at is not None and claim.ended_how in ENDED:
            yield Entry(claim.ended_at, teller.tell(ENDED[claim.ended_how], claim.agent_id, name), important=True)


def _calls(session: Session, referral: Referral, teller: Teller) -> Iterator[Entry]:
    calls = (
        select(Call, Agent.name)
        .join(Offer, Offer.id == Call.offer_id)
        .join(Agent, Agent.id == Call.agent_id)
        .where(Offer.referral_id == referral.id, Call.accepted_at.is_not(None))
    )
    client = referral.client.first_name
    for call, name in session.execute(calls):
        if call.picked_up_at is not None:
            lasted = f", {seconds(call.client_seconds)}" if call.client_seconds else ""
            words = teller.tell(REACHED[call.reached or Reached.UNKNOWN], call.agent_id, name, client=client)
            yield Entry(call.picked_up_at, words + lasted, important=call.reached is Reached.PERSON)
        elif call.status is CallStatus.CLIENT_MISSED:
            words = teller.tell(RANG_IN_VAIN, call.agent_id, name, client=client)
            yield Entry(call.ended_at or call.requested_at, words)
        if call.outcome is not None and call.outcome_at is not None:
            outcome = _(OUTCOME_WORDS[call.outcome]).lower()
            yield Entry(call.outcome_at, teller.tell(SAID, call.agent_id, name, outcome=outcome))


def _messages(session: Session, referral: Referral) -> Iterator[Entry]:
    """To the client: what they were told."""
    query = select(Notification).where(Notification.referral_id == referral.id, Notification.client_id.is_not(None))
    at = now()
    for message in session.scalars(query):
        moment = message.ended_at or message.sent_at or message.created_at
        yield Entry(moment, message_line(message, referral.client.first_name, at))
