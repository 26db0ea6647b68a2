"""When clients may be called: in their own time, not in ours or the agent's. Pure.

Where a client is, two things tell: where they want to buy or sell, and where their phone is from. It has to be a lawful
and a decent hour in each of these places.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays

from app.config.calling_rules import NEVER, AreaRules, CallingRules, Span, read_calling_rules

OUR_TABLE = Path(__file__).with_name("calling_rules.toml")
SATURDAY, SUNDAY = 5, 6
LOOK_AHEAD = 21
"""Days. Holidays and Sundays never close a place for this long."""
MOST_STEPS = 100
CANADA = frozenset(["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"])
HOUR = 60


@dataclass(frozen=True)
class Place:
    """A place where the client might be."""

    zone: str
    """An IANA zone."""
    state: str | None = None
    """A state, province or territory by its two letters; None: only the zone is known."""


Places = tuple[Place, ...]
"""Everywhere the client might be; the area comes first."""


@dataclass(frozen=True)
class CallingHours:
    """The law's hours, narrowed by those of the network."""

    house: tuple[int, int]
    """Start and end, in hours of the client's day. (0, 24) allows any hour and ignores the law."""
    rules: CallingRules

    @property
    def any_time(self) -> bool:
        return self.house == (0, 24)

    def may_call(self, at: datetime, places: Places) -> bool:
        """Whether a client who may be in any of `places` may be called at `at`."""
        return self.closed_in(at, places) is None

    def closed_in(self, at: datetime, places: Places) -> Place | None:
        """The first of `places` where calling is not allowed at `at`."""
        if self.any_time:
            return None
        return next((place for place in places if not self._is_open(at, place)), None)

    def opens(self, at: datetime, places: Places) -> datetime:
        """The next moment at which the client may be called; `at` itself when that is now.

        If the places have no hour in common, the area alone decides.
        """
        when = at
        for _step in range(MOST_STEPS):
            place = self.closed_in(when, places)
            if place is None:
                return when
            when = self._next_opening(when, place)
        return self.opens(at, places[:1]) if len(places) > 1 else when

    def calls_a_day(self, places: Places) -> int | None:
        """The strictest limit on calls about one matter in 24 hours; None: no limit."""
        limits = [self._rules(place).calls_a_day for place in places]
        return min((limit for limit in limits if limit is not None), default=None)

    def _is_open(self, at: datetime, place: Place) -> bool:
        local = at.astimezone(ZoneInfo(place.zone))
        begin, end = self._span(place, local.date())
        return begin <= local.hour * HOUR + local.minute < end

    def _next_opening(self, at: datetime, place: Place) -> datetime:
        zone = ZoneInfo(place.zone)
        today = at.astimezone(zone).date()
        for days in range(LOOK_AHEAD):
            day = today + timedelta(days=days)
            span = self._span(place, day)
            # In UTC: two times of one zone are compared by its clock, which shows an hour twice a year.
            opens = datetime.combine(day, time(span[0] // HOUR, span[0] % HOUR), zone).astimezone(UTC)
            if span != NEVER and opens > at:
                return opens
        raise ValueError(f"{place}: no hour to call for {LOOK_AHEAD} days")

    def _span(self, place: Place, day: date) -> Span:
        """If the network's hours lie outside the law's, the law's hours apply."""
        lawful = self._lawful(place, day)
        begin, end = max(lawful[0], self.house[0] * HOUR), min(lawful[1], self.house[1] * HOUR)
        return (begin, end) if begin < end else lawful

    def _lawful(self, place: Place, day: date) -> Span:
        rules = self._rules(place)
        if rules.holiday is not None and day in _holidays(place.state or ""):
            return rules.holiday
        if rules.sunday is not None and day.weekday() == SUNDAY:
            return rules.sunday
        if rules.saturday is not None and day.weekday() == SATURDAY:
            return rules.saturday
        assert rules.hours is not None
        return rules.hours

    def _rules(self, place: Place) -> AreaRules:
        country = self.rules.country["CA" if place.state in CANADA else "US"]
        state = self.rules.state.get(place.state or "")
        return country if state is None else _over(country, state)


@lru_cache(maxsize=32)
def calling_hours(house: tuple[int, int], table: str = "") -> CallingHours:
    """The calling hours for a network. `table`: its own rules in TOML, if any."""
    return CallingHours(house, read_calling_rules(table or OUR_TABLE.read_text(encoding="utf-8")))


@lru_cache(maxsize=256)
def _over(country: AreaRules, state: AreaRules) -> AreaRules:
    said = {name: value for name, value in state.model_dump().items() if value is not None}
    return AreaRules.model_construct(**{**country.model_dump(), **said})


@lru_cache(maxsize=128)
def _holidays(state: str) -> holidays.HolidayBase:
    """A state's legal holidays; the library adds years on demand."""
    if state in CANADA:
        return holidays.country_holidays("CA", subdiv=state)
    return holidays.country_holidays("US", subdiv=state or None)
