"""Clients are rung when it is a decent hour wherever they may be: in the area, and where their phone is from."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.referrals.hours import may_ring, next_ring, quiet_zone
from app.referrals.zones import client_zones

HOURS = (8, 21)
EASTERN, PACIFIC, HAWAII = "America/New_York", "America/Los_Angeles", "Pacific/Honolulu"


@pytest.mark.parametrize(
    ("area", "phone", "zones"),
    [
        (EASTERN, "+13055550142", (EASTERN,)),
        (EASTERN, "+14155550142", (EASTERN, PACIFIC)),
        (EASTERN, "+18085550142", (EASTERN, HAWAII)),
        (PACIFIC, "+12085550142", (PACIFIC, "America/Boise")),
        (EASTERN, "+442079460000", (EASTERN, "Europe/London")),
        (EASTERN, "+18005550142", (EASTERN,)),
        (EASTERN, "+18335550142", (EASTERN,)),
    ],
)
def test_a_phone_tells_where_it_is_from_unless_it_is_from_nowhere(
    area: str, phone: str, zones: tuple[str, ...]
) -> None:
    assert client_zones(area, phone) == zones


@pytest.mark.parametrize(
    ("zones", "utc", "quiet", "rung"),
    [
        ((EASTERN,), 13, None, 13),
        ((EASTERN, PACIFIC), 13, PACIFIC, 16),
        ((EASTERN, HAWAII), 17, HAWAII, 18),
        ((PACIFIC, EASTERN), 4, EASTERN, 16),
        ((EASTERN, PACIFIC), 20, None, 20),
        ((EASTERN, "Pacific/Guam"), 20, "Pacific/Guam", 22),
    ],
)
def test_all_their_zones_have_to_allow_it(zones: tuple[str, ...], utc: int, quiet: str | None, rung: int) -> None:
    at = datetime(2027, 1, 14, utc, tzinfo=UTC)
    assert (quiet_zone(HOURS, at, zones), may_ring(HOURS, at, zones)) == (quiet, quiet is None)
    when = next_ring(HOURS, at, zones)
    assert may_ring(HOURS, when, zones)
    assert when.astimezone(UTC).hour == rung
    assert at <= when < at + timedelta(days=1)


def test_zones_that_share_no_hour_leave_the_areas() -> None:
    at = datetime(2027, 1, 14, 20, tzinfo=UTC)
    when = next_ring((9, 10), at, (EASTERN, HAWAII))
    assert not may_ring((9, 10), at, (EASTERN, HAWAII))
    assert when.astimezone(ZoneInfo(EASTERN)).hour == 9
