"""When clients may be rung: in their own time, not in ours or the agent's. Pure.

Where a client is, two things tell: where they want to buy or sell, and where their phone is from. Each gives zones, and
it has to be a decent hour in all of them.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

Hours = tuple[int, int]
"""From and until, in hours of the client's day; (0, 24) is any time."""
Zones = tuple[str, ...]
"""IANA zones in which the client may be; the first is that of the area."""


def may_ring(hours: Hours, at: datetime, zones: Zones) -> bool:
    """Whether a client who may be in any of `zones` may be rung at `at`."""
    return quiet_zone(hours, at, zones) is None


def quiet_zone(hours: Hours, at: datetime, zones: Zones) -> str | None:
    """The first of `zones` in which it is too early or too late."""
    return next((zone for zone in zones if not hours[0] <= at.astimezone(ZoneInfo(zone)).hour < hours[1]), None)


def next_ring(hours: Hours, at: datetime, zones: Zones) -> datetime:
    """The next moment at which the client may be rung; `at` itself when that is now.

    Hours so few that the zones never share one are those of the area.
    """
    when = at
    for _step in range(2 * len(zones) + 2):
        zone = quiet_zone(hours, when, zones)
        if zone is None:
            return when
        when = _opens(hours, when, zone)
    return next_ring(hours, at, zones[:1])


def _opens(hours: Hours, at: datetime, zone: str) -> datetime:
    local = at.astimezone(ZoneInfo(zone))
    day = local if local.hour < hours[0] else local + timedelta(days=1)
    return day.replace(hour=hours[0], minute=0, second=0, microsecond=0)
