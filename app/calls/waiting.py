"""Calls that somebody or something has to look after: too old, not heard of, or past their deadline."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import Session

from app.calls.models import Call
from app.calls.reasons import HANGS_UP_BY_ITSELF, Reason
from app.calls.rules import CREATE_SETTLED_AFTER, UNSERVED_AFTER, CallStatus
from app.calls.service import LIVE

S = CallStatus
END_AGAIN_AFTER = timedelta(seconds=2)
"""How long a call that is to end is left to the worker that was told to end it."""
UNHEARD_AFTER = timedelta(seconds=5)
"""How long after a call its client's leg may still be reported on before the carrier is asked."""


def unserved(session: Session, *, at: datetime, older_than: timedelta, limit: int = 50) -> list[UUID]:
    """Requested calls that no worker has taken for `older_than`."""
    query = select(Call.id).where(Call.status == S.REQUESTED, Call.requested_at < at - older_than, LIVE)
    return list(session.scalars(query.order_by(Call.requested_at).limit(limit)))


def given_up(session: Session, *, at: datetime) -> list[UUID]:
    """Fails the calls that waited too long for a worker, and returns them. They are never dialed later."""
    return list(
        session.scalars(
            update(Call)
            .where(Call.status == S.REQUESTED, Call.requested_at <= at - UNSERVED_AFTER, LIVE)
            .values(status=S.FAILED, reason=Reason.UNSERVED, ended_at=at)
            .returning(Call.id)
            .execution_options(synchronize_session=False)
        )
    )


def without_sid(session: Session, *, at: datetime, every: timedelta, limit: int = 20) -> list[Call]:
    """Calls we asked the carrier for and never heard of: placed or not, nobody knows.

    At once when the carrier's answer was lost; else once the worker that asked must be gone.
    """
    nobody_asks = (Call.reason == Reason.UNKNOWN) | (Call.dialing_at < at - CREATE_SETTLED_AFTER)
    query = select(Call).where(
        Call.status.in_((S.DIALING, S.CANCELING)),
        Call.sid.is_(None),
        LIVE,
        nobody_asks,
        func.coalesce(Call.checked_at, Call.requested_at) < at - every,
    )
    return list(session.scalars(query.order_by(Call.dialing_at).limit(limit)))


def overdue(session: Session, *, at: datetime, every: timedelta, limit: int = 20) -> list[Call]:
    """Live calls with a SID that the carrier is to be asked about: those past their deadline, at most once in `every`;
    and those that we want ended, soon, since the worker that was to do it may be gone."""
    asked_at = func.coalesce(Call.checked_at, Call.requested_at)
    late = and_(Call.ring_deadline_at < at - timedelta(seconds=5), asked_at < at - every)
    unwanted = and_(
        and_(Call.status == S.CANCELING, Call.reason.not_in(HANGS_UP_BY_ITSELF))
        | and_(Call.status == S.ACCEPTED, Call.reason == Reason.WISH),
        asked_at < at - END_AGAIN_AFTER,
    )
    query = select(Call).where(LIVE, Call.sid.is_not(None), late | unwanted)
    return list(session.scalars(query.order_by(Call.checked_at.nulls_first()).limit(limit)))


def owned_sids(session: Session, sids: Sequence[str]) -> set[str]:
    """Which of these SIDs belong to a row already."""
    return set(session.scalars(select(Call.sid).where(Call.sid.in_(sids)))) - {None}  # type: ignore[return-value]


def unheard(session: Session, *, at: datetime, every: timedelta, limit: int = 20) -> list[Call]:
    """Calls that are over, whose client's phone was picked up, and nobody has said by whom: the callback is late."""
    query = select(Call).where(
        Call.picked_up_at.is_not(None),
        Call.heard.is_(None),
        Call.ended_at < at - UNHEARD_AFTER,
        func.coalesce(Call.checked_at, Call.requested_at) < at - every,
    )
    return list(session.scalars(query.order_by(Call.ended_at).limit(limit)))
