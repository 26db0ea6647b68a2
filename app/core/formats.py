"""Times, dates and counts as people say them, from Babel's locale data. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta, get_timezone_name
from babel.plural import PluralRule

LOCALE = Locale("en", "US")
SPANISH = Locale("es", "US")
PLURAL: PluralRule = LOCALE.plural_form


def clock(at: datetime, time_zone: str) -> str:
    """`2:14 PM` there."""
    return format_datetime(at, "h:mm a", tzinfo=ZoneInfo(time_zone), locale=LOCALE)


def clock_seconds(at: datetime, time_zone: str) -> str:
    """`2:14:05 PM` there."""
    return format_datetime(at, "h:mm:ss a", tzinfo=ZoneInfo(time_zone), locale=LOCALE)


def weekday_clock(at: datetime, time_zone: str) -> str:
    """`Sunday 2:14 PM` there."""
    return format_datetime(at, "EEEE h:mm a", tzinfo=ZoneInfo(time_zone), locale=LOCALE)


def spoken_clock(at: datetime, time_zone: str) -> str:
    """The time there, for a voice: `8 AM`, `8:30 AM`."""
    return clock(at, time_zone).replace(":00", "")


def spoken_next(at: datetime, time_zone: str, *, since: datetime) -> str:
    """A time to come, for a voice: `8 AM` within a day `since` then, else `Monday 9 AM`."""
    hour = spoken_clock(at, time_zone)
    if at - since < timedelta(days=1):
        return hour
    return f"{format_date(at.astimezone(ZoneInfo(time_zone)).date(), 'EEEE', locale=LOCALE)} {hour}"


def time_to_call(at: datetime, time_zone: str, language: str) -> str:
    """When a call is booked for, to its client: `Monday, November 30, 9:30 AM`, `lunes, 30 de noviembre, 9:30`."""
    locale = SPANISH if language == "es" else LOCALE
    there = at.astimezone(ZoneInfo(time_zone))
    date = format_date(there.date(), "EEEE, d 'de' MMMM" if locale is SPANISH else "EEEE, MMMM d", locale=locale)
    return f"{date}, {format_time(there.time(), 'H:mm' if locale is SPANISH else 'h:mm a', locale=locale)}"


def clock_face(at: time) -> str:
    """A time of any day: `10:00 PM`."""
    return format_time(at, "h:mm a", locale=LOCALE)


def day(at: datetime, time_zone: str) -> str:
    """`Nov 24` there."""
    return format_date(at.astimezone(ZoneInfo(time_zone)).date(), "MMM d", locale=LOCALE)


def day_of(then: date) -> str:
    """`Nov 24` for a date."""
    return format_date(then, "MMM d", locale=LOCALE)


def weekday_of(then: date) -> str:
    """`Mon, Nov 16` for a date."""
    return format_date(then, "EEE, MMM d", locale=LOCALE)


def dated(at: datetime, time_zone: str) -> str:
    """`Nov 24, 2026` there."""
    return format_date(at.astimezone(ZoneInfo(time_zone)).date(), "MMM d, y", locale=LOCALE)


def moment(at: datetime, time_zone: str) -> str:
    """`Nov 24, 2:14:05 PM` there."""
    return format_datetime(at, "MMM d, h:mm:ss a", tzinfo=ZoneInfo(time_zone), locale=LOCALE)


def zone_words(time_zone: str) -> str:
    """`Central Time (Chicago)` for America/Chicago."""
    zone, city = ZoneInfo(time_zone), time_zone.rpartition("/")[2].replace("_", " ")
    name = get_timezone_name(zone, width="long", zone_variant="generic", locale=LOCALE)
    if "(" in name:  # it has no name that holds all year
        name = get_timezone_name(zone, width="long", zone_variant="standard", locale=LOCALE)
    return f"{name} ({city})" if "/" in time_zone else name


def hours_apart(at: datetime, there: str, here: str) -> str | None:
    """How the clock there goes beside one's own: `1 hour behind yours`; None where they agree."""
    apart = at.astimezone(ZoneInfo(there)).replace(tzinfo=None) - at.astimezone(ZoneInfo(here)).replace(tzinfo=None)
    if not apart:
        return None
    hours, rest = divmod(round(abs(apart).total_seconds() / 60), 60)
    words = [counted(hours, "hour", "hours")] * bool(hours) + [counted(rest, "minute", "minutes")] * bool(rest)
    return f"{' '.join(words)} {'ahead of' if apart > timedelta(0) else 'behind'} yours"


def seconds(count: int) -> str:
    """`1 second`, `90 seconds`."""
    return format_timedelta(timedelta(seconds=count), granularity="second", threshold=count + 1, locale=LOCALE)


def counted(count: int, one: str, other: str) -> str:
    """`1 try`, `2 tries`."""
    return f"{count} {one if PLURAL(count) == 'one' else other}"
