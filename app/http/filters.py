"""How values are shown: phones, times and durations as people say them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup

from app.clients.consent import SPELLED, Basis, Way
from app.clients.hours import Place, Places, calling_hours
from app.clients.models import Consent
from app.clients.wishes import DoNotContact
from app.core import formats
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
    listed,
    moment,
    seconds,
    weekday_clock,
    weekday_of,
    zone_words,
)
from app.core.language import gettext as _
from app.core.language import locale, mark
from app.core.names import initials
from app.core.referral_kind import kind_word
from app.core.runtime import runtime
from app.http.devices import device_words
from app.providers.webpush.keys import public_key

MINUTE, HOUR = 60, 3600
LONG_AGO = timedelta(days=14)
WAYS = {Way.CALL: "calls", Way.TEXT: "texts", Way.EMAIL: "emails"}
REACHED = {Way.CALL: mark("called"), Way.TEXT: mark("texted"), Way.EMAIL: mark("emailed")}
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
        when=when,
        at=at,
        at_clock=formats.at_clock,
        at_date=at_date,
        ring_from=ring_from,
        quiet_in=quiet_in,
        day=day,
        day_of=day_of,
        ago=ago,
        day_name=day_name,
        moment=moment,
        counted=counted,
        percent=formats.percent,
        initials=initials,
        date_of=formats.date_of,
        in_dollars=lambda whole: f"${whole:,}",
        seconds=seconds,
        zone_words=zone_words,
        hours_apart=hours_apart,
        duration=duration,
        capital=capital,
        language=language_name,
        consented=consented,
        spelled=spelled,
        dated=dated,
        unwanted=unwanted,
        mailto=mailto,
        kind=kind_word,
        listed=listed,
        whole=whole,
        bold=bold,
        counting_down=counting_down,
        device_words=device_words,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def push_key() -> str:
    """What browsers subscribe to push messages with; empty while there are none."""
    private_key = runtime().settings.vapid_private_key
    return public_key(private_key) if private_key else ""


def when(at: datetime, time_zone: str) -> str:
    """`2:14 PM`, or `Nov 25, 2:14 PM` when that is not today."""
    return formats.when(at, time_zone, today=_today(time_zone))


def until(at: datetime, time_zone: str) -> str:
    """`until 2:14 PM`, or `until Nov 25, 2:14 PM` when that is not today."""
    return formats.until_then(at, time_zone, today=_today(time_zone))


def at(then: datetime, time_zone: str) -> str:
    """What follows "claimed": `at 2:14 PM`, or `on Nov 25 at 2:14 PM` when that is not today."""
    return formats.at_then(then, time_zone, today=_today(time_zone))


def at_date(then: datetime, time_zone: str) -> str:
    """`on Nov 24 at 2:14 PM`, whatever day it is."""
    return formats.at_then(then, time_zone, today=date.min)


def ago(then: datetime, at: datetime, time_zone: str) -> str:
    """How long ago, as coarsely as a glance needs it: `now`, `5 min`, `3 h`, `2 d`; the day after two weeks."""
    passed = at - then
    if passed >= LONG_AGO:
        return day(then, time_zone)
    if passed >= timedelta(days=1):
        return f"{passed.days} d"
    minutes = int(passed.total_seconds()) // MINUTE
    return f"{minutes // MINUTE} h" if minutes >= MINUTE else f"{minutes} min" if minutes else _("now")


def day_name(then: date, today: date) -> str:
    """`Today`, `Yesterday`, `Mon, Nov 16`."""
    if (today - then).days <= 1:
        return _("Today") if then == today else _("Yesterday")
    return weekday_of(then)


def _today(time_zone: str) -> date:
    return now().astimezone(ZoneInfo(time_zone)).date()


def ring_from(at: datetime, places: Places, time_zone: str) -> str:
    """When a client who may be in `places` may be called next, in the agent's own zone: `from 8 AM on`."""
    hours = calling_hours(runtime().settings.calling_hours, runtime().settings.calling_rules)
    return formats.from_then(hours.opens(at, places), time_zone, since=at)


def quiet_in(at: datetime, places: Places) -> Place | None:
    """The place where calling this client is not allowed at `at`."""
    return calling_hours(runtime().settings.calling_hours, runtime().settings.calling_rules).closed_in(at, places)


def language_name(code: str) -> str:
    """`Spanish` for es."""
    return str(locale().languages.get(code, code))


def consented(consent: Consent, time_zone: str) -> str:
    """`A signed form allows calls and texts, since Nov 24, 2026`."""
    allows = listed([WAYS[Way(way)] for way in consent.ways])
    return f"{STANDS_ON[consent.basis]} allows {allows}, since {dated(consent.given_at, time_zone)}"


def unwanted(wishes: Sequence[DoNotContact]) -> str:
    """`called or texted`: what the client has asked us not to do."""
    return listed([_(REACHED[way]) for way in Way if way in {wish.way for wish in wishes}], style="or")


def spelled(way: Way) -> str:
    """`a text`."""
    return _(SPELLED[way])


def whole(words: str) -> Markup:
    """Words that no line break parts: a phone, an address."""
    return Markup('<span class="whole">{}</span>').format(words)


def bold(words: str) -> Markup:
    """Words that stand out in a sentence."""
    return Markup("<b>{}</b>").format(words)


def counting_down(seconds_left: int) -> Markup:
    """`0:09`, which the page counts down."""
    return Markup('<b data-until="{}">{}</b>').format(seconds_left, duration(seconds_left))


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
