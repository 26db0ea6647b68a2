"""Moves a deal: by the agent's tap, and by what the calls to the client show."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.calls.models import Call
from app.calls.reached import Reached
from app.claims.checks import check_again
from app.core.database.locks import for_update, lock_wait
from app.core.errors import FieldError, InvalidInput
from app.core.language import gettext as _
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.reach.tell import tell_admins
from app.offers.models import Offer
from app.pipeline.models import Deal, DealEvent, EventKind, Report
from app.pipeline.notices import BAD_REFERRAL
from app.pipeline.stages import UNREACHED, Stage, needs_reason, place_of

PICKED_UP = (Reached.PERSON, Reached.VOICEMAIL)
LONGEST_HOLD = timedelta(days=366)


def deal_of(session: Session, referral_id: UUID) -> Deal | None:
    """The deal of a referral, not locked; None while nothing has happened to it."""
    return session.get(Deal, referral_id)


def move_stage(
    session: Session, *, referral_id: UUID, agent_id: UUID, to: Stage, at: datetime, reason: str = ""
) -> None:
    """Moves a deal to a stage. Raises InvalidInput for a step back without a reason, and LockTimeout."""
    deal = lock_deal(session, referral_id, at=at)
    if needs_reason(deal.stage, to) and not reason and deal.stage is not to:
        raise InvalidInput(FieldError("reason", _("Say why in a few words.")))
    _set_stage(session, deal, to, agent_id=agent_id, reason=reason or None, at=at)


def hold(session: Session, *, referral_id: UUID, agent_id: UUID, until: date | None, today: date, at: datetime) -> None:
    """Leaves a deal alone until a day, or takes it up again.

    Raises InvalidInput for a day that is over or too far away, and LockTimeout.
    """
    if until is not None and not today < until <= today + LONGEST_HOLD:
        raise InvalidInput(FieldError("until", _("Choose a day after today, within a year.")))
    deal = lock_deal(session, referral_id, at=at)
    if deal.hold_until == until:
        return
    deal.hold_until, deal.touched_at = until, at
    session.add(DealEvent(referral_id=referral_id, agent_id=agent_id, kind=EventKind.HOLD, until=until, at=at))
    session.flush()


def report(session: Session, *, referral_id: UUID, agent_id: UUID, what: Report, words: str, at: datetime) -> Outbox:
    """Keeps what an agent reports about a referral, and tells the admins; each agent's first report counts.

    Raises LockTimeout.
    """
    lock_deal(session, referral_id, at=at)
    if report_of(session, referral_id=referral_id, agent_id=agent_id) is not None:
        return NOTHING
    row = DealEvent(referral_id=referral_id, agent_id=agent_id, kind=EventKind.REPORT, report=what, words=words, at=at)
    session.add(row)
    session.flush()
    return tell_admins(session, kind=BAD_REFERRAL, referral_id=referral_id, at=at)


def report_of(session: Session, *, referral_id: UUID, agent_id: UUID) -> DealEvent | None:
    """What this agent has reported about the referral."""
    query = select(DealEvent).where(
        DealEvent.referral_id == referral_id, DealEvent.agent_id == agent_id, DealEvent.report.is_not(None)
    )
    return session.scalar(query)


def note_contact(session: Session, *, referral_id: UUID, at: datetime) -> None:
    """Agent and client have written to each other."""
    session.execute(
        insert(Deal)
        .values(referral_id=referral_id, stage_by_call=False, contact_at=at, touched_at=at)
        .on_conflict_do_update(
            index_elements=[Deal.referral_id],
            set_={
                "contact_at": func.greatest(Deal.contact_at, at),
                "touched_at": func.greatest(Deal.touched_at, at),
                "hold_until": None,
            },
        )
    )


def note_calls(session: Session, *, offer_id: UUID, at: datetime) -> None:
    """Brings a deal up to what the calls of its claim show. Asked again, it changes nothing. Raises LockTimeout."""
    last_of = {reached: _last_of(session, offer_id, reached) for reached in PICKED_UP}
    person_at, voicemail_at = last_of[Reached.PERSON], last_of[Reached.VOICEMAIL]
    last_at = max(filter(None, last_of.values()), default=None)
    referral_id = session.scalars(select(Offer.referral_id).where(Offer.id == offer_id)).one()
    if last_at is None and deal_of(session, referral_id) is None:
        return
    deal = lock_deal(session, referral_id, at=at)
    shown = Stage.CONNECTED if person_at else Stage.LEFT_VOICEMAIL if voicemail_at else None
    if deal.stage is None or deal.stage_by_call or _is_further(deal, shown, person_at or voicemail_at):
        _set_stage(session, deal, shown, agent_id=None, reason=None, at=at)
    if last_at is not None and (deal.contact_at is None or last_at > deal.contact_at):
        deal.contact_at, deal.touched_at = last_at, max(deal.touched_at, last_at)
        deal.hold_until = None
    session.flush()


def note_talk(session: Session, *, referral_id: UUID, at: datetime) -> None:
    """Agent and client are talking, in a call that the client made. Raises LockTimeout."""
    deal = lock_deal(session, referral_id, at=at)
    if place_of(deal.stage) < place_of(Stage.CONNECTED):
        _set_stage(session, deal, Stage.CONNECTED, agent_id=None, reason=None, at=at)
    deal.stage_by_call = False  # our own calls, which it would be corrected by, know nothing of this one
    deal.contact_at, deal.touched_at, deal.hold_until = at, max(deal.touched_at, at), None
    session.flush()


def touch(session: Session, *, referral_id: UUID, at: datetime) -> None:
    """Something was done about a deal."""
    lock_deal(session, referral_id, at=at).touched_at = at
    session.flush()


def begin_anew(session: Session, *, referral_id: UUID) -> None:
    """The referral is open again: nothing of its stage holds for the next agent."""
    session.execute(
        update(Deal)
        .where(Deal.referral_id == referral_id)
        .values(stage=None, stage_at=None, stage_by_call=False, hold_until=None, contact_at=None)
    )


def keep_for_next(session: Session, *, referral_id: UUID) -> None:
    """A teammate takes over: the stage stays, and no call of the agent before moves it back any more."""
    session.execute(update(Deal).where(Deal.referral_id == referral_id).values(stage_by_call=False))


def lock_deal(session: Session, referral_id: UUID, *, at: datetime) -> Deal:
    """The deal, locked, made if there is none yet. After everything else of its referral in the order of locks."""
    with lock_wait(session):
        session.execute(
            insert(Deal).values(referral_id=referral_id, stage_by_call=False, touched_at=at).on_conflict_do_nothing()
        )
        return session.scalars(for_update(select(Deal).where(Deal.referral_id == referral_id), of=Deal)).one()


def _last_of(session: Session, offer_id: UUID, reached: Reached) -> datetime | None:
    """When this offer's calls last reached somebody, or something, like that."""
    query = select(Call.picked_up_at).where(Call.offer_id == offer_id, Call.reached == reached)
    return session.scalar(query.where(Call.picked_up_at.is_not(None)).order_by(Call.picked_up_at.desc()).limit(1))


def _is_further(deal: Deal, shown: Stage | None, at: datetime | None) -> bool:
    """Whether the calls have come further since the agent chose the stage."""
    chosen_at = deal.stage_at
    return at is not None and chosen_at is not None and at > chosen_at and place_of(shown) > place_of(deal.stage)


def _set_stage(
    session: Session, deal: Deal, to: Stage | None, *, agent_id: UUID | None, reason: str | None, at: datetime
) -> None:
    if deal.stage is to:
        return
    deal.stage, deal.stage_at, deal.stage_by_call = to, at if to is not None else None, agent_id is None
    deal.touched_at = max(deal.touched_at, at)
    session.add(
        DealEvent(referral_id=deal.referral_id, agent_id=agent_id, kind=EventKind.STAGE, stage=to, words=reason, at=at)
    )
    session.flush()
    if to in UNREACHED:
        check_again(session, referral_id=deal.referral_id, at=at)
