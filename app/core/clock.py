"""The one clock. Everything that asks for the time asks here.

Hosts whose clocks differ disagree on how old a row is: a call requested by one would be given up by another at once.
So every process follows the clock of the database they share.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NOTICED = timedelta(seconds=1)
"""A smaller difference may just be the round trip to the database."""


@dataclass
class _Difference:
    ahead: timedelta = timedelta(0)
    """How far the database's clock is ahead of this machine's."""


_database = _Difference()


def now() -> datetime:
    """The time now, in UTC, with its zone."""
    return datetime.now(UTC) + _database.ahead


def follow(theirs: datetime) -> timedelta:
    """Adopts the database's clock. Returns how far it is ahead of this machine's."""
    ahead = theirs - datetime.now(UTC)
    _database.ahead = ahead if abs(ahead) >= NOTICED else timedelta(0)
    return ahead
