"""The network's figures over a range of days: in all, and by agent, team, area, source, channel, hour or weekday."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.orm import Session

from app.core.database.ids import first_id
from app.history.offer_facts import OfferFact
from app.people.models import Agent, Team
from app.referrals.models import Referral

MOST_ROWS = 200
LONGEST = timedelta(days=366)


class By(StrEnum):
    """How figures are split."""

    AGENT = "agent"
    TEAM = "team"
    AREA = "area"
    SOURCE = "source"
    CHANNEL = "channel"
    HOUR = "hour"
    WEEKDAY = "weekday"


@dataclass(frozen=True)
class Range:
    """Whole days by the network's clock, both with them."""

    first: date
    last: date
    zone: str

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time(), ZoneInfo(self.zone))

    @property
    def ends(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(), ZoneInfo(self.zone))

    @property
    def before(self) -> "Range":
        """As many days, right before."""
        days = self.last - self.first + timedelta(days=1)
        return Range(self.first - days, self.last - days, self.zone)


@dataclass(frozen=True)
class Counts:
    """What was counted. Offers of bad referrals are in `bad` alone, and those that we failed in `ours` as well."""

    offers: int = 0
    referrals: int = 0
    looked: int = 0
    rang: int = 0
    calls: int = 0
    answered: int = 0
    claimed: int = 0
    talked: int = 0
    median: float | None = None
    """Seconds from the offer to the claim."""
    p90: float | None = None
    bad: int = 0
    ours: int = 0

    @property
    def claim_rate(self) -> float | None:
        """Of the referrals that were offered, those that were claimed."""
        return self.claimed / self.referrals if self.referrals else None

    @property
    def answer_rate(self) -> float | None:
        """Of the calls that rang agents, those they picked up."""
        return self.answered / self.calls if self.calls else None

    @property
    def connect_rate(self) -> float | None:
        """Of the referrals that were claimed, those in which agent and client have talked."""
        return self.talked / self.claimed if self.claimed else None


@dataclass(frozen=True)
class Split:
    """One row of a table: an agent, a place, an hour."""

    name: str
    counts: Counts


@dataclass(frozen=True)
class NetworkFigures:
    """Of a range: in all, split, and how many referrals came in; `counted_at` is how old they are."""

    came: int
    total: Counts
    rows: Sequence[Split]
    counted_at: datetime | None


def network_figures(session: Session, *, days: Range, by: By) -> NetworkFigures:
    """Reads the facts of these days."""
    came = select(func.count()).select_from(Referral)
    came = came.where(Referral.id >= first_id(days.begins), Referral.id < first_id(days.ends))
    last = select(func.max(OfferFact.counted_at)).where(OfferFact.came_at < days.ends)
    counted_at = session.scalar(last.where(OfferFact.came_at >= days.begins))
    return NetworkFigures(
        session.scalar(came) or 0, network_counts(session, days=days), _rows(session, days, by), counted_at
    )


def network_counts(session: Session, *, days: Range) -> Counts:
    """The network in these days, in all."""
    return _read(session.execute(_counts(days)).one())


def counts_of_agent(session: Session, *, days: Range, agent_id: UUID) -> Counts:
    """The same of one agent."""
    return _read(session.execute(_counts(days).where(OfferFact.agent_id == agent_id)).one())


def _counts(days: Range, *columns: ColumnElement[Any]) -> Select[Any]:
    good = ~OfferFact.bad
    took = OfferFact.claim_seconds
    return select(
        func.count().filter(good).label("offers"),
        func.count(OfferFact.referral_id.distinct()).filter(good).label("referrals"),
        func.count().filter(good, OfferFact.looked).label("looked"),
        func.count().filter(good, OfferFact.rang > 0).label("rang"),
        func.coalesce(func.sum(OfferFact.rang).filter(good), 0).label("calls"),
        func.coalesce(func.sum(OfferFact.answered).filter(good), 0).label("answered"),
        func.count().filter(good, OfferFact.claimed).label("claimed"),
        func.count().filter(good, OfferFact.claimed, OfferFact.talked).label("talked"),
        func.percentile_cont(0.5).within_group(took).filter(good).label("median"),
        func.percentile_cont(0.9).within_group(took).filter(good).label("p90"),
        func.count().filter(OfferFact.bad).label("bad"),
        func.count().filter(OfferFact.ours).label("ours"),
        *columns,
    ).where(OfferFact.came_at >= days.begins, OfferFact.came_at < days.ends)


def _rows(session: Session, days: Range, by: By) -> list[Split]:
    key = KEYS[by].label("key")
    query = _counts(days, key).group_by(key)
    in_order = by in (By.HOUR, By.WEEKDAY)
    query = query.order_by(literal_column("key")) if in_order else query.order_by(func.count().desc(), key)
    rows = session.execute(query.limit(MOST_ROWS)).all()
    names = _names(session, by, [row.key for row in rows])
    return [Split(names.get(row.key, str(row.key or "-")), _read(row)) for row in rows]


def _read(row: Any) -> Counts:
    whole = {name: int(getattr(row, name)) for name in Counts.__dataclass_fields__ if name not in ("median", "p90")}
    return Counts(**whole, median=row.median, p90=row.p90)


_LOCAL = func.timezone(OfferFact.time_zone, OfferFact.came_at)
KEYS: dict[By, ColumnElement[Any]] = {
    By.AGENT: OfferFact.agent_id.expression,
    By.TEAM: OfferFact.team_id.expression,
    By.AREA: (OfferFact.city + ", " + OfferFact.state),
    By.SOURCE: OfferFact.source.expression,
    By.CHANNEL: OfferFact.channel.expression,
    By.HOUR: func.extract("hour", _LOCAL),
    By.WEEKDAY: func.extract("isodow", _LOCAL),
}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CHANNEL_NAMES = {"email": "Email", "sms": "Text", "push": "Push", None: "Nothing"}


def _names(session: Session, by: By, keys: Sequence[Any]) -> Mapping[Any, str]:
    if by is By.AGENT or by is By.TEAM:
        model: type[Agent] | type[Team] = Agent if by is By.AGENT else Team
        ids = [key for key in keys if isinstance(key, UUID)]
        found = session.execute(select(model.id, model.name).where(model.id.in_(ids)))
        return {**{row[0]: row[1] for row in found}, None: "In no team"}
    if by is By.WEEKDAY:
        return {number: DAYS[int(number) - 1] for number in keys}
    if by is By.HOUR:
        return {hour: f"{int(hour):02d}:00" for hour in keys}
    return CHANNEL_NAMES if by is By.CHANNEL else {None: "Not told"}
