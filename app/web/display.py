"""How values are shown: phones, times and durations as people say them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask

from app.core.clock import now
from app.core.ground import ground
from app.core.vapid import public_key
from app.people.rules import display_phone
from app.referrals.hours import next_ring
from app.referrals.rules import spoken_hour
from app.web.channel_words import off_words
from app.web.missed import why_missed

MINUTE, HOUR = 60, 3600


def register_display(app: Flask) -> None:
    """Gives templates the brand's name and these filters."""
    app.context_processor(
        lambda: {
            "brand": ground().settings.brand_name,
            "our_number": ground().settings.twilio_call_from,
            "push_key": push_key(),
        }
    )
    app.jinja_env.filters.update(
        phone=display_phone,
        clock=clock,
        until=until,
        hour=hour,
        day=day,
        moment=moment,
        duration=duration,
        why_missed=why_missed,
        off_words=off_words,
        capital=capital,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def push_key() -> str:
    """What browsers subscribe to push messages with; empty while there are none."""
    private_key = ground().settings.vapid_private_key
    return public_key(private_key) if private_key else ""


def clock(at: datetime, time_zone: str) -> str:
    """`2:14 PM` in the agent's own zone."""
    return at.astimezone(ZoneInfo(time_zone)).strftime("%I:%M %p").lstrip("0")


def until(at: datetime, time_zone: str) -> str:
    """`2:14 PM`, or `Nov 25, 2:14 PM` when that is not today."""
    zone = ZoneInfo(time_zone)
    today = at.astimezone(zone).date() == now().astimezone(zone).date()
    return clock(at, time_zone) if today else f"{day(at, time_zone)}, {clock(at, time_zone)}"


def hour(at: datetime, time_zone: str) -> str:
    """When clients there may be rung next: `8 AM`."""
    return spoken_hour(next_ring(ground().settings.calling_hours, at, time_zone))


def day(at: datetime, time_zone: str) -> str:
    """`Nov 24`."""
    return f"{at.astimezone(ZoneInfo(time_zone)):%b} {at.astimezone(ZoneInfo(time_zone)).day}"


def moment(at: datetime, time_zone: str) -> str:
    """`Nov 24, 2:14:05 PM`."""
    seconds = at.astimezone(ZoneInfo(time_zone)).strftime("%I:%M:%S %p").lstrip("0")
    return f"{day(at, time_zone)}, {seconds}"


def capital(words: str) -> str:
    """`About $600k`, where a line begins with it."""
    return words[:1].upper() + words[1:]


def duration(seconds: int) -> str:
    """`0:42`, `1:02:03`."""
    hours, rest = divmod(int(seconds), HOUR)
    minutes, seconds = divmod(rest, MINUTE)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
