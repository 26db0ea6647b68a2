"""Ids in addresses."""

from uuid import UUID

from flask import abort

from app.core.ids import parse_id


def id_or_404(raw: str) -> UUID:
    """The id, or 404: what is no id names nothing."""
    found = parse_id(raw)
    if found is None:
        abort(404)
    return found
