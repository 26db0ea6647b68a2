"""How values are shown: phones, times and durations as people say them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel import Locale
from babel.lists import format_list
from flask import Flask

from app.clients.consent import SPELLED, Basis, Way
from app.clients.hours import Place, Places, calling_hours
from app.clients.models import Consent
from app.clients.wishes import DoNotContact
from app.core.clock import now
from app.core.contact import display_phone
from app.core.formats import (
    clock,
    clock_seconds,
    counted,
    dated,
    day,
    day_of,
    hours_apart,
    moment,
    seconds,
    spoken_next,
    weekday_clock,
    weekday_of,
    zone_words,
)
from app.core.runtime import runtime
from app.providers.webpush.keys import public_key

MINUTE, HOUR = 60, 3600
LONG_AGO = timedelta(days=14)
WAYS = {Way.CALL: "calls", Way.TEXT: "texts", Way.EMAIL: "emails"}
REACHED = {Way.CALL: "called", Way.TEXT: "texted", Way.EMAIL: "emailed"}
STANDS_ON = {
    Basis.WRITTEN: "A signed form",
    Basis.ORAL: "Their spoken word",
    Basis.INQUIRY: "Their inquiry",
    Basis.CUSTOMER: "Business with us",
}


def register_filters(app: Flask) -> None:
    """Gives templates the brand's name and these filters."""
    app.context_processor(
        lambda: {
            "brand": runtime().settings.brand_name,
            "our_number": runtime().settings.twilio_call_from,
            "push_key": push_key,
        }
    )
    app.jinja_env.filters.update(
        phone=display_phone,
        clock=clock,
        clock_seconds=clock_seconds,
        weekday_clock=weekday_clock,
        until=until,
        at=at,
        ring_from=ring_from,
        quiet_in=quiet_in,
        day=day,
        day_of=day_of,
        ago=ago,
        day_name=day_name,
        moment=moment,
        counted=counted,
        seconds=seconds,
        zone_words=zone_words,
        hours_apart=hours_apart,
        duration=duration,
        capital=capital,
        language=language,
        consented=consented,
        spelled=SPELLED.__getitem__,
        dated=dated,
        unwanted=unwanted,
        mailto=mailto,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def push_key() -> str:
    """What browsers subscribe to push messages with; empty while there are none."""
    private_key = runtime().settings.vapid_private_key
    return public_key(private_key) if private_key else ""


def until(at: datetime, time_zone: str) -> str:
    """`2:14 PM`, or `Nov 25, 2:14 PM` when that is not today."""
    hour = clock(at, time_zone)
    return hour if _is_today(at, time_zone) else f"{day(at, time_zone)}, {hour}"


def at(then: datetime, time_zone: str) -> str:
    """What follows "claimed": `at 2:14 PM`, or `on Nov 25 at 2:14 PM` when that is not today."""
    hour = f"at {clock(then, time_zone)}"
    return hour if _is_today(then, time_zone) else f"on {day(then, time_zone)} {hour}"


def ago(then: datetime, at: datetime, time_zone: str) -> str:
    """How long ago, as coarsely as a glance needs it: `now`, `5 min`, `3 h`, `2 d`; the day after two weeks."""
    passed = at - then
    if passed >= LONG_AGO:
        return day(then, time_zone)
    if passed >= timedelta(days=1):
        return f"{passed.days} d"
    minutes = int(passed.total_seconds()) // MINUTE
    return f"{minutes // MINUTE} h" if minutes >= MINUTE else f"{minutes} min" if minutes else "now"


def day_name(then: date, today: date) -> str:
    """`Today`, `Yesterday`, `Mon, Nov 16`."""
    if (today - then).days <= 1:
        return "Today" if then == today else "Yesterday"
    return weekday_of(then)


def _is_today(at: datetime, time_zone: str) -> bool:
    zone = ZoneInfo(time_zone)
    return at.astimezone(zone).date() == now().astimezone(zone).date()


def ring_from(at: datetime, places: Places, time_zone: str) -> str:
    """When a client who may be in `places` may be called next, in the agent's own zone: `8 AM`, `Monday 9 AM`."""
    hours = calling_hours(runtime().settings.calling_hours, runtime().settings.calling_rules)
    return spoken_next(hours.opens(at, places), time_zone, since=at)


def quiet_in(at: datetime, places: Places) -> Place | None:
    """The place where calling this client is not allowed at `at`."""
    return calling_hours(runtime().settings.calling_hours, runtime().settings.calling_rules).closed_in(at, places)


def language(code: str) -> str:
    """`Spanish` for es."""
    return str(Locale("en").languages.get(code, code))


def consented(consent: Consent, time_zone: str) -> str:
    """`A signed form allows calls and texts, since Nov 24, 2026`."""
    allows = format_list([WAYS[Way(way)] for way in consent.ways], locale="en_US")
    return f"{STANDS_ON[consent.basis]} allows {allows}, since {dated(consent.given_at, time_zone)}"


def unwanted(wishes: Sequence[DoNotContact]) -> str:
    """`called or texted`: what the client has asked us not to do."""
    return format_list(
        [REACHED[way] for way in Way if way in {wish.way for wish in wishes}], style="or", locale="en_US"
    )


def capital(words: str) -> str:
    """`About $600k`, where a line begins with it."""
    return words[:1].upper() + words[1:]


def mailto(email: str) -> str:
    """The link that writes to this address, and to no other that its characters might name."""
    return f"mailto:{quote(email, safe='@')}"


def duration(length: int) -> str:
    """Seconds as a clock counts them: `0:42`, `1:02:03`."""
    hours, rest = divmod(int(length), HOUR)
    minutes, rest = divmod(rest, MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
