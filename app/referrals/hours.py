"""When clients may be rung: in their own time, not in ours or the agent's. Pure."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

Hours = tuple[int, int]
"""From and until, in hours of the client's day; (0, 24) is any time."""


def may_ring(hours: Hours, at: datetime, time_zone: str) -> bool:
    """Whether a client who lives in `time_zone` may be rung at `at`."""
    return hours[0] <= at.astimezone(ZoneInfo(time_zone)).hour < hours[1]


def next_ring(hours: Hours, at: datetime, time_zone: str) -> datetime:
    """The next moment at which the client may be rung, in their own time; `at` itself when that is now."""
    local = at.astimezone(ZoneInfo(time_zone))
    if may_ring(hours, at, time_zone):
        return local
    day = local if local.hour < hours[0] else local + timedelta(days=1)
    return day.replace(hour=hours[0], minute=0, second=0, microsecond=0)
