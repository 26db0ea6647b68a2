"""The live board: which referrals a view shows, in which order, each with its state in a few words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CTE, ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload

from app.admin.found import found_by
from app.admin.live_state import LiveState, live_state
from app.calls.models import Call
from app.core.database.ids import parse_id
from app.notifications.models import Notification
from app.notifications.rules import NotificationStatus
from app.offers.looked import looks_at
from app.offers.models import Offer
from app.offers.notices import OFFER
from app.offers.rules import OfferStatus
from app.people.models import Agent
from app.referrals.models import Referral
from app.referrals.rules import ReferralStatus
from app.routing.models import Routed

PAGE = 50
DESK_ZONE = "America/Chicago"
LONG_AGO = datetime(2000, 1, 1, tzinfo=ZoneInfo("UTC"))
NEVER_TOLD = (NotificationStatus.DROPPED, NotificationStatus.FAILED)


class View(StrEnum):
    """What the board shows: the open ones, some of them, or another status."""

    OPEN = "open"
    NOBODY = "nobody"
    RINGING = "ringing"
    WAITING = "waiting"
    CLAIMED = "claimed"
    """Today, by the desk's clock."""
    HELD = "held"
    ALL = "all"


OF_OPEN = (View.OPEN, View.NOBODY, View.RINGING, View.WAITING)


@dataclass(frozen=True)
class Line:
    """One referral on the board: its agents who were told, who have looked, who were rung; its wave."""

    referral: Referral
    state: LiveState
    told: int
    looked: int
    rang: int
    wave: int
    is_routed: bool


@dataclass(frozen=True)
class Count:
    """How many there are of a view, and since when the oldest has waited, where that matters."""

    number: int
    oldest: datetime | None


@dataclass(frozen=True)
class Board:
    """One page. `after` is behind which the next begins."""

    lines: list[Line]
    after: str | None


def board(session: Session, *, view: View, words: str, after: str, at: datetime) -> Board:
    """The referrals of a view; a search looks in all of them unless a view is chosen.

    The open ones come with those that nobody has first, and then by the time they have left; others newest first.
    """
    if view in OF_OPEN and not (view is View.OPEN and words):
        ids, following = _open_page(session, view, words, after, at)
    else:
        ids, following = _newest_page(session, view, words, after, at)
    return Board(_lines(session, ids, at), following)


def counts(session: Session, *, at: datetime) -> dict[View, Count]:
    """Of the views that are filters."""
    live = _live(at)
    query = select(
        *(func.count().filter(live.c.view == view) for view in OF_OPEN[1:]),
        *(func.min(live.c.created_at).filter(live.c.view == view) for view in OF_OPEN[1:]),
    )
    row: Sequence[Any] = session.execute(query.select_from(live)).one()
    size = len(OF_OPEN) - 1
    found = {view: Count(row[place], row[size + place]) for place, view in enumerate(OF_OPEN[1:])}
    for view, is_in in ((View.CLAIMED, _claimed_today(at)), (View.HELD, _held())):
        found[view] = Count(session.scalar(select(func.count()).select_from(Referral).where(is_in)) or 0, None)
    return found


def _live(at: datetime) -> CTE:
    """The open referrals, each with its view and when its offers end."""
    standing = (
        select(Offer.referral_id, func.max(Offer.expires_at).label("until"))
        .where(Offer.status == literal(OfferStatus.SENT, literal_execute=True), Offer.expires_at > at)
        .group_by(Offer.referral_id)
        .subquery()
    )
    ringing = (
        select(Offer.referral_id)
        .join(Call, Call.offer_id == Offer.id)
        .where(Call.ended_at.is_(None))
        .distinct()
        .subquery()
    )
    view = case(
        (ringing.c.referral_id.is_not(None), View.RINGING.value),
        (standing.c.referral_id.is_not(None), View.WAITING.value),
        else_=View.NOBODY.value,
    )
    query = (
        select(
            Referral.id,
            Referral.created_at,
            view.label("view"),
            case((view == View.NOBODY.value, 0), else_=1).label("rank"),
            func.coalesce(standing.c.until, LONG_AGO).label("until"),
        )
        .outerjoin(standing, standing.c.referral_id == Referral.id)
        .outerjoin(ringing, ringing.c.referral_id == Referral.id)
        .where(Referral.status == literal(ReferralStatus.OPEN, literal_execute=True))
    )
    return query.cte("live")


def _open_page(session: Session, view: View, words: str, after: str, at: datetime) -> tuple[list[UUID], str | None]:
    live = _live(at)
    query = select(live.c.id, live.c.rank, live.c.until).order_by(live.c.rank, live.c.until, live.c.id)
    if view is not View.OPEN:
        query = query.where(live.c.view == view)
    if words:
        query = query.where(live.c.id.in_(found_by(words)))
    place = _open_place(after)
    if place is not None:
        rank, until, id_ = place
        later = or_(live.c.until > until, and_(live.c.until == until, live.c.id > id_))
        query = query.where(or_(live.c.rank > rank, and_(live.c.rank == rank, later)))
    rows = session.execute(query.limit(PAGE + 1)).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    following = f"{last.rank}.{last.until.timestamp()}.{last.id}" if last is not None else None
    return [row.id for row in rows[:PAGE]], following


def _open_place(after: str) -> tuple[int, datetime, UUID] | None:
    """Where a page ended; None for what is no such place."""
    rank, _, rest = after.partition(".")
    until, _, raw_id = rest.rpartition(".")
    id_ = parse_id(raw_id)
    try:
        return (int(rank), datetime.fromtimestamp(float(until), ZoneInfo("UTC")), id_) if id_ is not None else None
    except (ValueError, OverflowError, OSError):
        return None


def _newest_page(session: Session, view: View, words: str, after: str, at: datetime) -> tuple[list[UUID], str | None]:
    query = select(Referral.id).order_by(Referral.id.desc())
    if view is View.CLAIMED:
        query = query.where(_claimed_today(at))
    elif view is View.HELD:
        query = query.where(_held())
    if words:
        query = query.where(Referral.id.in_(found_by(words)))
    before = parse_id(after)
    if before is not None:
        query = query.where(Referral.id < before)
    ids = list(session.scalars(query.limit(PAGE + 1)))
    return ids[:PAGE], str(ids[PAGE - 1]) if len(ids) > PAGE else None


def _claimed_today(at: datetime) -> ColumnElement[bool]:
    midnight = at.astimezone(ZoneInfo(DESK_ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    claimed = literal(ReferralStatus.CLAIMED, literal_execute=True)  # so that a partial index fits
    return and_(Referral.status == claimed, Referral.claimed_at >= midnight)


def _held() -> ColumnElement[bool]:
    return Referral.status == literal(ReferralStatus.HELD, literal_execute=True)


def _lines(session: Session, ids: Sequence[UUID], at: datetime) -> list[Line]:
    found = {
        one.id: one
        for one in session.scalars(select(Referral).options(joinedload(Referral.client)).where(Referral.id.in_(ids)))
    }
    offers, calls, told = _offers(session, ids), _calls(session, ids), _told(session, ids)
    looks = looks_at(session, [offer.id for those in offers.values() for offer in those])
    routed = set(session.scalars(select(Routed.referral_id).where(Routed.referral_id.in_(ids))))
    return [
        Line(
            referral=found[id_],
            state=live_state(found[id_], offers.get(id_, []), _live_of(calls.get(id_, [])), at),
            told=told.get(id_, 0),
            looked=sum(offer.id in looks for offer in offers.get(id_, [])),
            rang=len({call.agent_id for call in calls.get(id_, [])}),
            wave=max((offer.wave for offer in offers.get(id_, [])), default=0),
            is_routed=id_ in routed,
        )
        for id_ in ids
    ]


def _live_of(calls: list[Call]) -> list[Call]:
    return [call for call in calls if call.ended_at is None]


def _offers(session: Session, referral_ids: Sequence[UUID]) -> dict[UUID, list[Offer]]:
    query = (
        select(Offer)
        .options(joinedload(Offer.agent).lazyload(Agent.account))
        .where(Offer.referral_id.in_(referral_ids))
    )
    grouped: dict[UUID, list[Offer]] = {}
    for offer in session.scalars(query.order_by(Offer.id)):
        grouped.setdefault(offer.referral_id, []).append(offer)
    return grouped


def _calls(session: Session, referral_ids: Sequence[UUID]) -> dict[UUID, list[Call]]:
    query = (
        select(Call, Offer.referral_id)
        .join(Offer, Offer.id == Call.offer_id)
        .where(Offer.referral_id.in_(referral_ids))
    )
    grouped: dict[UUID, list[Call]] = {}
    for call, referral_id in session.execute(query):
        grouped.setdefault(referral_id, []).append(call)
    return grouped


def _told(session: Session, referral_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many agents of each a message has gone out to."""
    query = (
        select(Offer.referral_id, func.count(Offer.agent_id.distinct()))
        .join(Notification, Notification.offer_id == Offer.id)
        .where(
            Offer.referral_id.in_(referral_ids),
            Notification.kind == OFFER,
            Notification.sent_at.is_not(None),
            Notification.status.not_in(NEVER_TOLD),
        )
        .group_by(Offer.referral_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}
