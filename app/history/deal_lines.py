"""What agents made of a referral: stages, holds, reports and notes."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.core.formats import day_of
from app.core.language import gettext as _
from app.core.language import mark
from app.history.entry import Entry
from app.history.teller import DESK, Line, Teller
from app.people.models import Agent
from app.pipeline.models import DealEvent, EventKind, Handover, HandoverStatus, Note
from app.pipeline.notices import REPORT_WORDS
from app.pipeline.stages import NEW, STAGE_WORDS
from app.referrals.models import Referral

ASKED_TO_TAKE = Line(mark("You asked %(taker)s to take it over"), mark("%(who)s asked %(taker)s to take it over"))
ASKED_YOU = mark("%(who)s asked you to take it over")
REFUSED = Line(mark("You said no"), mark("%(who)s said no"))
TOOK_BACK = Line(mark("You took the question back"), mark("%(who)s took the question back"))
MOVED = Line(mark("You moved it to %(stage)s"), mark("%(who)s moved it to %(stage)s"))
REPORTED = Line(mark("You reported it: %(report)s"), mark("%(who)s reported it: %(report)s"))
HELD = Line(mark("You put it on hold until %(day)s"), mark("%(who)s put it on hold until %(day)s"))
TOOK_UP = Line(mark("You took it up again"), mark("%(who)s took it up again"))


def deal_lines(session: Session, referral: Referral, *, teller: Teller = DESK) -> Iterator[Entry]:
    """The lines of a referral's deal."""
    events = select(DealEvent, Agent.name).outerjoin(Agent, Agent.id == DealEvent.agent_id)
    for event, name in session.execute(events.where(DealEvent.referral_id == referral.id)):
        yield Entry(event.at, _words(event, name, teller), important=event.kind is not EventKind.HOLD)


def handover_lines(session: Session, referral: Referral, *, teller: Teller = DESK) -> Iterator[Entry]:
    """Who asked whom to take the client over, and who said no."""
    giver, taker = aliased(Agent), aliased(Agent)
    asked = (
        select(Handover, giver.name, taker.name)
        .join(giver, giver.id == Handover.from_agent_id)
        .join(taker, taker.id == Handover.to_agent_id)
        .where(Handover.referral_id == referral.id)
    )
    for one, from_name, to_name in session.execute(asked):
        if teller.is_reader(one.to_agent_id):
            words = _(ASKED_YOU, who=from_name)
        else:
            words = teller.tell(ASKED_TO_TAKE, one.from_agent_id, from_name, taker=to_name)
        yield Entry(one.asked_at, words, important=True)
        if one.ended_at is not None and one.status is HandoverStatus.REFUSED:
            yield Entry(one.ended_at, teller.tell(REFUSED, one.to_agent_id, to_name))
        if one.ended_at is not None and one.status is HandoverStatus.WITHDRAWN:
            yield Entry(one.ended_at, teller.tell(TOOK_BACK, one.from_agent_id, from_name))


def note_lines(session: Session, referral: Referral) -> Iterator[Entry]:
    """That notes were written, and by whom; what is in them is between the agent and their client."""
    notes = select(Note.at, Agent.name).join(Agent, Agent.id == Note.agent_id)
    for at, name in session.execute(notes.where(Note.referral_id == referral.id)):
        yield Entry(at, f"{name} wrote a note")


def _words(event: DealEvent, name: str | None, teller: Teller) -> str:
    why = f' ("{event.words}")' if event.words else ""
    if event.kind is EventKind.STAGE:
        stage = _(STAGE_WORDS[event.stage] if event.stage is not None else NEW)
        if name is None:
            return _("Moved to %(stage)s by a call", stage=stage)
        return teller.tell(MOVED, event.agent_id, name, stage=stage) + why
    assert name is not None
    if event.report is not None:
        return teller.tell(REPORTED, event.agent_id, name, report=_(REPORT_WORDS[event.report]).lower()) + why
    if event.until is not None:
        return teller.tell(HELD, event.agent_id, name, day=day_of(event.until))
    return teller.tell(TOOK_UP, event.agent_id, name)
