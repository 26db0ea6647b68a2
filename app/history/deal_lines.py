"""What agents made of a referral: stages, holds, reports and notes."""

from collections.abc import Callable, Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.core.formats import day_of
from app.history.entry import Entry
from app.people.models import Agent
from app.pipeline.models import DealEvent, EventKind, Handover, HandoverStatus, Note
from app.pipeline.notices import REPORT_WORDS
from app.pipeline.stages import NEW, STAGE_WORDS
from app.referrals.models import Referral

NOT_TAKEN = {HandoverStatus.REFUSED: "said no", HandoverStatus.WITHDRAWN: "took the question back"}
Named = Callable[[UUID, str], str]
"""How an agent with this id and name is called in a line."""


def by_name(_agent_id: UUID, name: str) -> str:
    """As the desk reads it."""
    return name


def deal_lines(session: Session, referral: Referral, *, named: Named = by_name) -> Iterator[Entry]:
    """The lines of a referral's deal; who it was is said by `named`."""
    events = select(DealEvent, Agent.name).outerjoin(Agent, Agent.id == DealEvent.agent_id)
    for event, name in session.execute(events.where(DealEvent.referral_id == referral.id)):
        who = named(event.agent_id, name) if event.agent_id is not None else None
        yield Entry(event.at, _words(event, who), important=event.kind is not EventKind.HOLD)


def handover_lines(session: Session, referral: Referral, *, named: Named = by_name) -> Iterator[Entry]:
    """Who asked whom to take the client over, and who said no."""
    giver, taker = aliased(Agent), aliased(Agent)
    asked = (
        select(Handover, giver.name, taker.name)
        .join(giver, giver.id == Handover.from_agent_id)
        .join(taker, taker.id == Handover.to_agent_id)
        .where(Handover.referral_id == referral.id)
    )
    for one, from_name, to_name in session.execute(asked):
        by, to = named(one.from_agent_id, from_name), named(one.to_agent_id, to_name)
        yield Entry(one.asked_at, f"{by} asked {to.replace('You', 'you')} to take it over", important=True)
        if one.ended_at is not None and one.status in NOT_TAKEN:
            yield Entry(one.ended_at, f"{to if one.status is HandoverStatus.REFUSED else by} {NOT_TAKEN[one.status]}")


def note_lines(session: Session, referral: Referral) -> Iterator[Entry]:
    """That notes were written, and by whom; what is in them is between the agent and their client."""
    notes = select(Note.at, Agent.name).join(Agent, Agent.id == Note.agent_id)
    for at, name in session.execute(notes.where(Note.referral_id == referral.id)):
        yield Entry(at, f"{name} wrote a note")


def _words(event: DealEvent, who: str | None) -> str:
    why = f' ("{event.words}")' if event.words else ""
    if event.kind is EventKind.STAGE:
        stage = STAGE_WORDS[event.stage] if event.stage is not None else NEW
        return f"{who} moved it to {stage}{why}" if who is not None else f"Moved to {stage} by a call"
    if event.report is not None:
        return f"{who} reported it: {REPORT_WORDS[event.report].lower()}{why}"
    return f"{who} put it on hold until {day_of(event.until)}" if event.until is not None else f"{who} took it up again"
