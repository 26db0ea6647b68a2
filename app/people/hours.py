"""The hours of a week in which an agent takes referrals. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.core.language import mark

DAYS = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)
AHEAD = 9
"""Days in which the next of their hours surely lie, and the one after a day that is under way."""


@dataclass(frozen=True)
class Span:
    """From when until when on one day, by the agent's own clock."""

    begins: time
    ends: time


Week = Mapping[int, Span]
"""By weekday, 0 for Monday. A day that is missing is off."""


def period(week: Week, zone: str, at: datetime) -> tuple[datetime, datetime] | None:
    """The hours that are under way, or the next ones: when they begin and end; None: the week has none."""
    return next((hours for hours in _periods(week, zone, at) if hours[1] > at), None)


def _periods(week: Week, zone: str, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    there = ZoneInfo(zone)
    today = at.astimezone(there).date()
    for ahead in range(-1, AHEAD):
        day = today + timedelta(days=ahead)
        span = week.get(day.weekday())
        if span is not None:
            yield datetime.combine(day, span.begins, there), datetime.combine(day, span.ends, there)
