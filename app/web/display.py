"""How values are shown: phones, times and durations as people say them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask

from app.core.ground import ground
from app.people.rules import display_phone

MINUTE, HOUR = 60, 3600


def register_display(app: Flask) -> None:
    """Gives templates the brand's name and these filters."""
    app.context_processor(lambda: {"brand": ground().settings.brand_name})
    app.jinja_env.filters.update(phone=display_phone, clock=clock, duration=duration)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def clock(at: datetime, time_zone: str) -> str:
    """`2:14 PM` in the agent's own zone."""
    return at.astimezone(ZoneInfo(time_zone)).strftime("%I:%M %p").lstrip("0")


def duration(seconds: int) -> str:
    """`0:42`, `1:02:03`."""
    hours, rest = divmod(int(seconds), HOUR)
    minutes, seconds = divmod(rest, MINUTE)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
