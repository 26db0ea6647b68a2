"""When quiet hours end, by the agent's own clock: over midnight, and on the two days when clocks change."""

from datetime import UTC, datetime, time, timedelta

import pytest

from app.notifications.channels.rules import quiet_until

ZONE = "America/Chicago"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def ends(at: str, begins: str, until: str) -> datetime | None:
    return quiet_until(utc(at), ZONE, time.fromisoformat(begins), time.fromisoformat(until))


@pytest.mark.parametrize(
    ("at", "begins", "until", "expected"),
    [
        ("2026-11-24 17:59", "12:00", "14:00", None),  # 11:59 in Austin
        ("2026-11-24 18:00", "12:00", "14:00", "2026-11-24 20:00"),
        ("2026-11-24 19:59", "12:00", "14:00", "2026-11-24 20:00"),
        ("2026-11-24 20:00", "12:00", "14:00", None),
    ],
)
def test_within_a_day(at: str, begins: str, until: str, expected: str | None) -> None:
    assert ends(at, begins, until) == (utc(expected) if expected else None)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-25 03:59", None),  # 21:59 in Austin
        ("2026-11-25 04:00", "2026-11-25 13:00"),
        ("2026-11-25 12:59", "2026-11-25 13:00"),  # 6:59, they began yesterday
        ("2026-11-25 13:00", None),
    ],
)
def test_over_midnight(at: str, expected: str | None) -> None:
    assert ends(at, "22:00", "07:00") == (utc(expected) if expected else None)


def test_none_are_set() -> None:
    assert quiet_until(utc("2026-11-24 18:00"), ZONE, None, None) is None


def test_the_night_that_is_an_hour_shorter() -> None:
    # On March 8 2026, 2:00 CST is 3:00 CDT: 7:00 comes an hour sooner.
    assert ends("2026-03-08 05:00", "22:00", "07:00") == utc("2026-03-08 12:00")


def test_hours_that_end_at_a_time_that_day_does_not_have() -> None:
    # 2:30 does not come; as far after 22:00 as on any other day is 3:30 CDT.
    assert ends("2026-03-08 07:00", "22:00", "02:30") == utc("2026-03-08 08:30")
    assert ends("2026-03-08 08:30", "22:00", "02:30") is None


def test_the_night_that_is_an_hour_longer() -> None:
    assert ends("2026-11-01 04:00", "22:00", "07:00") == utc("2026-11-01 13:00")


def test_what_has_ended_does_not_begin_again_when_the_hour_repeats() -> None:
    # On November 1 2026, 1:00 to 2:00 comes twice; quiet until 1:30 ends at the first 1:30.
    assert ends("2026-11-01 06:29", "22:00", "01:30") == utc("2026-11-01 06:30")
    for again in ("2026-11-01 06:31", "2026-11-01 07:15"):  # the second time round
        assert ends(again, "22:00", "01:30") is None


@pytest.mark.parametrize("hour", range(72))
def test_an_end_is_never_past(hour: int) -> None:
    at = datetime(2026, 10, 31, 0, 15, tzinfo=UTC) + timedelta(hours=hour)
    until = quiet_until(at, ZONE, time(22), time(1, 30))
    assert until is None or until > at
