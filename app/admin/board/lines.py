"""The live board: which referrals a view shows, in which order, each with its state in a few words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.admin.board.found import found_by, found_lately
from app.admin.board.live_state import LiveState, live_state
from app.admin.board.open_page import open_page
from app.admin.board.views import IS_OPEN, OF_OPEN, PAGE, View, claimed_today, held, is_in
from app.calls.models import Call
from app.core.database.ids import parse_id
from app.notifications.models import Notification
from app.notifications.rules import NotificationStatus
from app.offers.looked import looks_at
from app.offers.models import Offer
from app.offers.notices import OFFER
from app.people.models import Agent
from app.referrals.models import Referral
from app.routing.models import Routed

NEVER_TOLD = (NotificationStatus.DROPPED, NotificationStatus.FAILED)


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
class Board:
    """One page. `after` is behind which the next begins."""

    lines: list[Line]
    after: str | None


def board(session: Session, *, view: View, words: str, after: str, at: datetime) -> Board:
    """The referrals of a view; a search looks in all of them unless a view is chosen.

    The open ones come with those that nobody has first, and then by the time they have left; others newest first.
    """
    if view in OF_OPEN and not words:
        ids, following = open_page(session, view, after, at)
    else:
        ids, following = _newest_page(session, view, words, after, at)
    return Board(_lines(session, ids, at), following)


def _newest_page(session: Session, view: View, words: str, after: str, at: datetime) -> tuple[list[UUID], str | None]:
    query = select(Referral.id).order_by(Referral.id.desc())
    if view is View.CLAIMED:
        query = query.where(claimed_today(at))
    elif view is View.HELD:
        query = query.where(held())
    elif view in OF_OPEN and view is not View.OPEN:
        query = query.where(IS_OPEN, *is_in(view, at))
    before = parse_id(after)
    if before is not None:
        query = query.where(Referral.id < before)
    ids = _ids(session, query, words, before)
    return ids[:PAGE], str(ids[PAGE - 1]) if len(ids) > PAGE else None


def _ids(session: Session, query: Select[UUID], words: str, before: UUID | None) -> list[UUID]:
    """A page of them and one more. Common words are found among the newest; the indexes are asked for rare ones."""
    if not words:
        return list(session.scalars(query.limit(PAGE + 1)))
    lately = found_lately(words, before)
    found = list(session.scalars(query.where(Referral.id.in_(lately)).limit(PAGE + 1))) if lately is not None else []
    if len(found) > PAGE:
        return found
    more = session.scalars(query.where(Referral.id.in_(found_by(words))).limit(PAGE + 1))
    return sorted({*found, *more}, reverse=True)[: PAGE + 1]


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
