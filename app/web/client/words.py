"""The headline of the client's page and the line below it, for each way things may stand; times by day."""

from datetime import UTC, datetime

from app.claims.client_page import Standing
from app.core.formats import time_to_call
from app.core.language import mark
from app.web import blueprint

S = Standing
READY_LINE = mark("%(who)s is your agent. Save the number, so that you know who it is.")
HEADLINES: dict[Standing, tuple[str, str]] = {
    S.WAITING: (mark("We're finding your agent."), mark("You'll hear who it is as soon as one has said yes.")),
    S.READY: (mark("%(agent)s calls you from %(number)s."), READY_LINE),
    S.CLOSED_NOW: (
        mark("%(agent)s can call you from %(time)s on."),
        mark("%(who)s is your agent. The call comes from %(number)s."),
    ),
    S.CALLING: (mark("We're ringing %(agent)s, then you."), mark("Your phone rings in a moment, from %(number)s.")),
    S.ON_LINE: (mark("%(agent)s is calling you now."), mark("The call comes from %(number)s.")),
    S.BOOKED: (
        mark("%(agent)s calls you on %(time)s."),
        mark("The call comes from %(number)s. We remind you shortly before."),
    ),
    S.TEXT: (mark("%(agent)s writes to you instead."), mark("No calls, unless you ask for one here.")),
    S.NO_CALLS: (
        mark("We won't call you again."),
        mark("Nobody from %(brand)s calls or texts this number any more."),
    ),
    S.OVER: (mark("There is nothing more to do here."), mark("This request has ended.")),
}
LATER = (mark("%(agent)s is your agent."), READY_LINE)
"""Where nobody can say yet from when on a call is possible."""


@blueprint.app_template_global()
def client_headline(standing: Standing, time: str) -> tuple[str, str]:
    """Headline and line, to be looked up and filled in."""
    return LATER if standing is S.CLOSED_NOW and not time else HEADLINES[standing]


@blueprint.app_template_filter()
def by_day(times: tuple[datetime, ...], zone: str) -> dict[str, list[tuple[str, str]]]:
    """Times by day, each as its value and what is shown."""
    found: dict[str, list[tuple[str, str]]] = {}
    for at in times:
        day, _sep, hour = time_to_call(at, zone).rpartition(", ")
        found.setdefault(day, []).append((at.astimezone(UTC).isoformat(), hour))
    return found


@blueprint.app_template_filter()
def unbroken(number: str) -> str:
    """A phone number that no line break tears apart."""
    return number.replace(" ", "\N{NO-BREAK SPACE}").replace("-", "\N{NON-BREAKING HYPHEN}")
