"""An agent's clients by what to do about them: whom to call today, who has waited too long, who is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Row, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from app.bookings.models import Booking, BookingStatus
from app.claims.models import Claim
from app.clients.models import Client
from app.core.names import shown_client
from app.core.referral_kind import ReferralKind, kind_word
from app.pipeline.models import Deal
from app.pipeline.stages import ENDS, REACH_FOR, Stage
from app.referrals.models import Referral
from app.referrals.rules import middle_price, short_price

PAGE = 25
MOST_WORDS = 5
"""That a search looks for."""
LEAST_DIGITS = 3
"""Of a phone, before it is looked for."""
STALE_AFTER, VERY_STALE_AFTER = timedelta(days=7), timedelta(days=14)


class Todo(StrEnum):
    """What is to be done about a client, in the order in which it is shown."""

    CALL = "call"
    STALE = "stale"
    WAITING = "waiting"
    DONE = "done"


_RANK = {todo: place for place, todo in enumerate(Todo)}


@dataclass(frozen=True)
class Line:
    """One client in the list."""

    claim_id: UUID
    referral_id: UUID
    todo: Todo
    name: str
    first_name: str
    phone: str
    kind: ReferralKind
    city: str
    price_min: int
    price_max: int
    stage: Stage | None
    hold_until: date | None
    claimed_at: datetime
    touched_at: datetime
    booked_at: datetime | None
    """When we ring both, if a call is booked."""

    @property
    def about(self) -> str:
        """`Buyer · Round Rock · $455k`."""
        price = middle_price(self.price_min, self.price_max)
        parts = (kind_word(self.kind).capitalize(), self.city, short_price(price) if price else "")
        return " · ".join(filter(None, parts))

    def very_stale(self, at: datetime) -> bool:
        """Whether it has been silent for twice as long as it should be."""
        return at - self.touched_at >= VERY_STALE_AFTER


@dataclass(frozen=True)
class Place:
    """Where a page of the list ends: the next begins behind it."""

    todo: Todo
    claim_id: UUID

    def __str__(self) -> str:
        return f"{self.todo}.{self.claim_id}"


@dataclass(frozen=True)
class Worklist:
    """One page. `counts` are of all clients that the search finds, whatever is filtered."""

    lines: Sequence[Line]
    counts: Mapping[Todo, int]
    older: Place | None
    """Behind which the next page begins."""

    @property
    def groups(self) -> list[tuple[Todo, list[Line]]]:
        """The lines by what to do, without empty groups."""
        found = ((todo, [line for line in self.lines if line.todo is todo]) for todo in Todo)
        return [(todo, lines) for todo, lines in found if lines]


def parse_place(raw: str) -> Place | None:
    """A place as the address has it; None for anything else."""
    todo, _, claim_id = raw.partition(".")
    try:
        return Place(Todo(todo), UUID(claim_id))
    except ValueError:
        return None


def worklist(
    session: Session,
    *,
    agent_id: UUID,
    at: datetime,
    today: date,
    only: Todo | None = None,
    words: str = "",
    after: Place | None = None,
) -> Worklist:
    """The agent's clients, newest claims first in each group. `today` is the agent's day."""
    mine = _mine(agent_id, at, today, words)
    counts = {
        Todo(todo): count for todo, count in session.execute(select(mine.c.todo, func.count()).group_by(mine.c.todo))
    }
    rank = case(*((mine.c.todo == todo, literal(place)) for todo, place in _RANK.items()))
    query = select(mine, rank.label("rank")).order_by(rank, mine.c.claim_id.desc()).limit(PAGE + 1)
    if only is not None:
        query = query.where(mine.c.todo == only)
    if after is not None:
        here = _RANK[after.todo]
        query = query.where(or_(rank > here, and_(rank == here, mine.c.claim_id < after.claim_id)))
    lines = [_line(row) for row in session.execute(_shown(query))]
    last = lines[PAGE - 1] if len(lines) > PAGE else None
    return Worklist(lines[:PAGE], counts, Place(last.todo, last.claim_id) if last is not None else None)


def _mine(agent_id: UUID, at: datetime, today: date, words: str) -> CTE:
    touched = func.greatest(Claim.at, func.coalesce(Deal.touched_at, Claim.at))
    unreached = or_(Deal.stage.is_(None), Deal.stage == Stage.LEFT_VOICEMAIL)
    todo = case(
        (Deal.stage.in_(ENDS), literal(Todo.DONE.value)),
        (Deal.hold_until > today, literal(Todo.WAITING.value)),
        (and_(unreached, Claim.at > at - REACH_FOR), literal(Todo.CALL.value)),
        (Deal.hold_until.is_not(None), literal(Todo.CALL.value)),
        (touched <= at - STALE_AFTER, literal(Todo.STALE.value)),
        else_=literal(Todo.WAITING.value),
    )
    query = (
        select(
            *(Claim.id.label("claim_id"), Claim.referral_id, Claim.offer_id, Claim.at.label("claimed_at")),
            *(todo.label("todo"), touched.label("touched_at"), Deal.stage, Deal.hold_until),
        )
        .outerjoin(Deal, Deal.referral_id == Claim.referral_id)
        .where(Claim.agent_id == agent_id, Claim.ended_at.is_(None))
    )
    if words:
        query = query.join(Referral, Referral.id == Claim.referral_id).join(Client, Client.id == Referral.client_id)
    for word in words.split()[:MOST_WORDS]:
        query = query.where(_finds(word))
    return query.cte("mine")


def _shown(page: Select[Any]) -> Select[Any]:
    """A page with what is shown of each client: their rows are read for these alone, however many there are."""
    one = page.subquery("one")
    return (
        select(
            *(one, Referral.kind, Referral.city, Referral.price_min, Referral.price_max),
            *(Client.name, Client.given_name, Client.phone, Booking.due_at.label("booked_at")),
        )
        .join(Referral, Referral.id == one.c.referral_id)
        .join(Client, Client.id == Referral.client_id)
        .outerjoin(Booking, and_(Booking.offer_id == one.c.offer_id, Booking.status == BookingStatus.BOOKED))
        .order_by(one.c.rank, one.c.claim_id.desc())
    )


def _finds(word: str) -> ColumnElement[bool]:
    """Name, place, email, or part of a phone."""
    columns = (Client.name, Client.email, Referral.city, Referral.zip_code, Referral.address)
    found: list[ColumnElement[bool]] = [column.icontains(word, autoescape=True) for column in columns]
    digits = "".join(filter(str.isdigit, word))
    if len(digits) >= LEAST_DIGITS:
        found.append(Client.phone.contains(digits))
    return or_(*found)


def _line(row: Row[tuple[object, ...]]) -> Line:
    return Line(
        claim_id=row.claim_id,
        referral_id=row.referral_id,
        todo=Todo(row.todo),
        name=row.name,
        first_name=shown_client(row.name, row.given_name),
        phone=row.phone,
        kind=ReferralKind(row.kind),
        city=row.city,
        price_min=row.price_min,
        price_max=row.price_max,
        stage=row.stage,
        hold_until=row.hold_until,
        claimed_at=row.claimed_at,
        touched_at=row.touched_at,
        booked_at=row.booked_at,
    )
