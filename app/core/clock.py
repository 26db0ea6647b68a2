"""The one clock. Everything that asks for the time asks here."""

from datetime import UTC, datetime


def now() -> datetime:
    """The time now, in UTC, with its zone."""
    return datetime.now(UTC)
