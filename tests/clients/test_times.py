"""The times a client can book: each is lawful wherever they may be, on the half hour, and soon."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clients.hours import Place, calling_hours
from app.clients.times import DAYS, MOST, SOONEST, times_to_call
from app.clients.zones import ZONE_OF_STATE

HOURS = calling_hours((8, 21))
AUSTIN = Place("America/Chicago", "TX")
PLACES = [Place(zone, state) for state, zone in ZONE_OF_STATE.items()]
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(at=MOMENTS, area=st.sampled_from(PLACES), phone=st.sampled_from(PLACES))
def test_each_time_is_lawful_and_on_the_half_hour(at: datetime, area: Place, phone: Place) -> None:
    times = times_to_call(HOURS, (area, phone), at)
    assert len(times) <= MOST
    assert times == sorted(set(times))
    for when in times:
        assert HOURS.may_call(when, (area, phone))
        assert (when.minute % 30, when.second) == (0, 0)
        assert at + SOONEST <= when <= at + timedelta(days=DAYS)


@pytest.mark.parametrize("night", ["2026-03-07T22:10", "2026-10-31T22:10"])
def test_the_first_is_in_the_morning_after_either_night_of_the_clock_change(night: str) -> None:
    """On a Sunday in Texas not before noon."""
    here = ZoneInfo("America/Chicago")
    first, second = times_to_call(HOURS, (AUSTIN,), datetime.fromisoformat(night).replace(tzinfo=here))[:2]
    assert (first.astimezone(here).hour, second - first) == (12, timedelta(minutes=30))


def test_the_first_of_a_day_is_a_quarter_of_an_hour_away_at_least() -> None:
    at = datetime(2026, 3, 4, 16, 20, tzinfo=UTC)
    assert times_to_call(HOURS, (AUSTIN,), at)[0] == datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
    assert times_to_call(HOURS, (AUSTIN,), at - timedelta(minutes=5))[0] == datetime(2026, 3, 4, 16, 30, tzinfo=UTC)
