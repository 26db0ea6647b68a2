"""Why a channel is off, and when an agent is not to be disturbed on one. Pure."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class OffReason(StrEnum):
    """What switched a channel off."""

    STOPPED = "stopped"
    """The agent texted STOP, or the carrier says they have."""
    LANDLINE = "landline"
    NO_SUCH_NUMBER = "no_such_number"
    BOUNCED = "bounced"
    UNSUBSCRIBED = "unsubscribed"
    """The agent used their mail program's unsubscribe; mail about what they have claimed still goes out."""
    GONE = "gone"
    """The push service has forgotten the agent's last browser."""


class SubscriptionEnd(StrEnum):
    """Why a browser takes no push any more."""

    GONE = "gone"
    SIGNED_OUT = "signed_out"
    TURNED_OFF = "turned_off"
    MOVED = "moved"
    """Somebody else signed in on it."""


def quiet_until(at: datetime, zone: str, begins: time | None, ends: time | None) -> datetime | None:
    """When the quiet hours that hold at `at` are over; None when none do. Hours are of the agent's own day."""
    if begins is None or ends is None:
        return None
    local = at.astimezone(ZoneInfo(zone))
    for day in (local.date() - timedelta(days=1), local.date()):
        since = datetime.combine(day, begins, local.tzinfo)
        until = datetime.combine(day if begins < ends else day + timedelta(days=1), ends, local.tzinfo)
        if since <= local < until:
            return until.astimezone(at.tzinfo)
    return None
