"""Ids in addresses."""

from uuid import UUID

from app.core.errors import NotFound
from app.core.ids import parse_id


def id_or_404(raw: str) -> UUID:
    """The id, or NotFound: what is no id names nothing."""
    found = parse_id(raw)
    if found is None:
        raise NotFound
    return found
