"""Time-ordered ids (UUIDv7, RFC 9562): new rows land at the end of an index, and sort by age."""

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return UUID(int=uuid7().int)


def first_id(at: datetime) -> UUID:
    """The smallest id that a row made at `at` can have: ids bound a range of time by the primary key."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def parse_id(raw: str) -> UUID | None:
    """The id written in `raw`, or None when it is none."""
    try:
        return UUID(raw)
    except ValueError:
        return None
