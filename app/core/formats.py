"""Times, dates, counts and lists as people say them, in the language of the moment. Patterns are Babel's locale data.

Spanish needs the hour to know its article, so what follows "at", "until" and "from" comes with it.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_timedelta, get_timezone_name
from babel.lists import format_list
from babel.numbers import format_percent

from app.core.language import gettext as _
from app.core.language import locale, ngettext

HALF_DAY = 12
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"


def clock(at: datetime, time_zone: str) -> str:
    """`2:14 PM` there."""
    return _of("hm", _there(at, time_zone))


def clock_seconds(at: datetime, time_zone: str) -> str:
    """`2:14:05 PM` there."""
    return _of("hms", _there(at, time_zone))


def at_clock(at: datetime, time_zone: str) -> str:
    """`at 2:14 PM`, `a las 2:14 p.m.`, `a la 1:14 p.m.`"""
    return _at(clock(at, time_zone), _there(at, time_zone))


def weekday_clock(at: datetime, time_zone: str) -> str:
    """`Sunday 2:14 PM` there, `domingo a las 2:14 p.m.`"""
    there = _there(at, time_zone)
    hour = {"day": weekday(there.date()), "time": clock(at, time_zone)}
    return ngettext("%(day)s %(time)s", "%(day)s %(time)s", _hour(there), **hour)


def from_then(at: datetime, time_zone: str, *, since: datetime) -> str:
    """From when something may be done, for a voice, too: `from 8 AM on`, or `from Monday 9 AM on` after a day."""
    there = _there(at, time_zone)
    said = {"time": _spoken_clock(there), "day": weekday(there.date())}
    if at - since < timedelta(days=1):
        return ngettext("from %(time)s on", "from %(time)s on", _hour(there), time=said["time"])
    return ngettext("from %(day)s %(time)s on", "from %(day)s %(time)s on", _hour(there), **said)


def time_to_call(at: datetime, time_zone: str) -> str:
    """When a call is booked for: `Monday, November 30, 9:30 AM`, `lunes, 30 de noviembre, 9:30 a.m.`"""
    there = _there(at, time_zone)
    return f"{format_date(there.date(), _('EEEE, MMMM d'), locale=locale())}, {clock(at, time_zone)}"


def clock_face(at: time) -> str:
    """A time of any day: `10:00 PM`."""
    return _of("hm", datetime.combine(date.min, at))


def day(at: datetime, time_zone: str) -> str:
    """`Nov 24` there."""
    return day_of(_there(at, time_zone).date())


def day_of(then: date) -> str:
    """`Nov 24` for a date."""
    return _of("MMMd", datetime.combine(then, time.min))


def weekday(then: date) -> str:
    """`Monday` for a date."""
    return format_date(then, "EEEE", locale=locale())


def weekday_of(then: date) -> str:
    """`Mon, Nov 16` for a date."""
    return format_date(then, _("EEE, MMM d"), locale=locale())


def dated(at: datetime, time_zone: str) -> str:
    """`Nov 24, 2026` there."""
    return _of("yMMMd", _there(at, time_zone))


def date_of(then: date) -> str:
    """`Nov 24, 2026` for a date."""
    return _of("yMMMd", datetime.combine(then, time.min))


def moment(at: datetime, time_zone: str) -> str:
    """`Nov 24, 2:14:05 PM` there."""
    return f"{day(at, time_zone)}, {clock_seconds(at, time_zone)}"


def when(at: datetime, time_zone: str, *, today: date) -> str:
    """`2:14 PM`, or `Nov 25, 2:14 PM` when that is not today."""
    return clock(at, time_zone) if _is(today, at, time_zone) else f"{day(at, time_zone)}, {clock(at, time_zone)}"


def at_then(at: datetime, time_zone: str, *, today: date) -> str:
    """What follows "claimed": `at 2:14 PM`, or `on Nov 25 at 2:14 PM` when that is not today."""
    hour = at_clock(at, time_zone)
    return hour if _is(today, at, time_zone) else _("on %(day)s %(at_time)s", day=day(at, time_zone), at_time=hour)


def until_then(at: datetime, time_zone: str, *, today: date) -> str:
    """`until 2:14 PM`, or `until Nov 25, 2:14 PM` when that is not today."""
    hour = clock(at, time_zone)
    if _is(today, at, time_zone):
        return ngettext("until %(time)s", "until %(time)s", _hour(_there(at, time_zone)), time=hour)
    return _("until %(day)s, %(time)s", day=day(at, time_zone), time=hour)


def zone_words(time_zone: str) -> str:
    """`Central Time (Chicago)` for America/Chicago."""
    zone, city = ZoneInfo(time_zone), time_zone.rpartition("/")[2].replace("_", " ")
    name = get_timezone_name(zone, width="long", zone_variant="generic", locale=locale())
    if "(" in name:  # it has no name that holds all year
        name = get_timezone_name(zone, width="long", zone_variant="standard", locale=locale())
    return f"{name} ({city})" if "/" in time_zone else name


def hours_apart(at: datetime, there: str, here: str) -> str | None:
    """How the clock there goes beside one's own: `1 hour behind yours`; None where they agree."""
    apart = _there(at, there).replace(tzinfo=None) - _there(at, here).replace(tzinfo=None)
    if not apart:
        return None
    hours, rest = divmod(round(abs(apart).total_seconds() / 60), 60)
    words = [ngettext("%(num)s hour", "%(num)s hours", hours)] * bool(hours)
    words += [ngettext("%(num)s minute", "%(num)s minutes", rest)] * bool(rest)
    if apart > timedelta(0):
        return _("%(time)s ahead of yours", time=" ".join(words))
    return _("%(time)s behind yours", time=" ".join(words))


def seconds(count: int) -> str:
    """`1 second`, `90 seconds`."""
    return format_timedelta(timedelta(seconds=count), granularity="second", threshold=count + 1, locale=locale())


def counted(count: int, one: str, other: str) -> str:
    """`1 try`, `2 tries`, in English: what operators and admins read."""
    return f"{count} {one if count == 1 else other}"


def listed(words: Sequence[str], *, style: str = "standard") -> str:
    """`Sam, Priya, and Lee`; with the style "or": `Sam, Priya, or Lee`."""
    return format_list(words, style=style, locale=locale())  # type: ignore[arg-type]


def _of(skeleton: str, at: datetime) -> str:
    # A narrow space is no letter of a text message, and some voices stop at it.
    return format_skeleton(skeleton, at, locale=locale()).replace(NARROW_SPACE, " ")


def percent(value: Decimal) -> str:
    """`30%`, `27.5%`; `30 %` in Spanish."""
    return format_percent(value / 100, "#,##0.##%" if locale().language == "en" else "#,##0.## %", locale=locale())


def _at(hour: str, there: datetime) -> str:
    return ngettext("at %(time)s", "at %(time)s", _hour(there), time=hour)


def _spoken_clock(there: datetime) -> str:
    """`8 AM`, `8:30 AM`."""
    return _of("hm", there).replace(":00", "")


def _hour(there: datetime) -> int:
    """As it is said: 1 to 12. One o'clock has an article of its own in Spanish."""
    return there.hour % HALF_DAY or HALF_DAY


def _there(at: datetime, time_zone: str) -> datetime:
    return at.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)


def _is(today: date, at: datetime, time_zone: str) -> bool:
    return _there(at, time_zone).date() == today
