"""The times at which a client can book a call: lawful ones, on the half hour. Pure."""

from datetime import UTC, datetime, timedelta

from app.clients.hours import CallingHours, Places

STEP = timedelta(minutes=30)
SOONEST = timedelta(minutes=15)
DAYS = 4
"""How many days with a time are offered."""
MOST = 80


def times_to_call(hours: CallingHours, places: Places, at: datetime) -> list[datetime]:
    """Each half hour from a quarter of an hour after `at` at which the client may be called, in UTC."""
    found: list[datetime] = []
    when = _next_step(at + SOONEST)
    while len(found) < MOST:
        opens = hours.opens(when, places)
        if opens > when:
            when = _next_step(opens)
            continue
        if opens - at > timedelta(days=DAYS):
            break
        found.append(when)
        when += STEP
    return found


def _next_step(at: datetime) -> datetime:
    """The next half hour; zones are whole quarters of an hour apart, and nearly all whole halves."""
    epoch = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    while epoch < at:
        epoch += STEP
    return epoch
