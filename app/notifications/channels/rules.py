"""Why a channel is off, and when an agent is not to be disturbed on one. Pure."""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.core.language import mark


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"
    PUSH = "push"
    VOICE = "voice"


CHANNELS = {
    Channel.EMAIL: mark("Email"),
    Channel.SMS: mark("Text"),
    Channel.PUSH: mark("Push"),
    Channel.VOICE: mark("Call"),
}
"""One message by it, as the timeline calls it."""
NAMES = {
    Channel.EMAIL: mark("Email"),
    Channel.SMS: mark("Texts"),
    Channel.PUSH: mark("Push"),
    Channel.VOICE: mark("Your phone"),
}
"""What a channel is called wherever an agent or an admin reads of it."""


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
    """When the quiet hours that hold at `at` are over; None when none do. Hours are of the agent's own day.

    Compared as moments: on the two days when clocks change, two readings of a clock tell less than they seem to.
    """
    if begins is None or ends is None:
        return None
    here = ZoneInfo(zone)
    today = at.astimezone(here).date()
    for day in (today - timedelta(days=1), today):
        since = datetime.combine(day, begins, here).astimezone(UTC)
        until = datetime.combine(day if begins < ends else day + timedelta(days=1), ends, here).astimezone(UTC)
        if since <= at < until:
            return until
    return None
