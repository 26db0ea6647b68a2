"""The hours of an agent's week: which are under way, which come next, on whichever day the clocks change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.hours import Span, period

CHICAGO = "America/Chicago"
OFFICE = Span(time(9), time(17))
WEEKDAYS = dict.fromkeys(range(5), OFFICE)
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "begins", "ends"),
    [
        ("2026-11-27T10:00", "2026-11-27T09:00", "2026-11-27T17:00"),
        ("2026-11-27T08:00", "2026-11-27T09:00", "2026-11-27T17:00"),
        ("2026-11-27T17:00", "2026-11-30T09:00", "2026-11-30T17:00"),
        ("2026-11-29T12:00", "2026-11-30T09:00", "2026-11-30T17:00"),
    ],
)
def test_what_is_under_way_or_comes_next(at: str, begins: str, ends: str) -> None:
    there = ZoneInfo(CHICAGO)
    found = period(WEEKDAYS, CHICAGO, datetime.fromisoformat(at).replace(tzinfo=there))
    assert found == tuple(datetime.fromisoformat(moment).replace(tzinfo=there) for moment in (begins, ends))


def test_a_week_without_hours_has_none() -> None:
    assert period({}, CHICAGO, BEGUN) is None


@given(
    st.integers(0, 366 * 24 * 60).map(lambda minutes: BEGUN + timedelta(minutes=minutes)),
    st.sets(st.integers(0, 6), min_size=1),
    st.sampled_from([CHICAGO, "America/St_Johns", "Pacific/Honolulu"]),
)
def test_they_end_ahead_and_within_eight_days(at: datetime, days: set[int], zone: str) -> None:
    found = period(dict.fromkeys(days, OFFICE), zone, at)
    assert found is not None
    begins, ends = found
    assert begins < ends
    assert at < ends <= at + timedelta(days=8)
    assert begins.astimezone(ZoneInfo(zone)).weekday() in days
