"""Who is at work: set where somebody is let in, and kept with what they change."""

from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Via(StrEnum):
    """How they came."""

    PAGES = "pages"
    """Signed in, or by the link of an offer, which names nobody."""
    API = "api"
    COMMAND = "command"
    """Typed on the server."""
    PRODUCT = "product"
    """Nobody: a worker, or what a phone or a carrier told us."""


@dataclass(frozen=True)
class Actor:
    """One of an account and an API key, where it is known."""

    via: Via
    account_id: UUID | None = None
    api_key_id: UUID | None = None


NOBODY = Actor(Via.PRODUCT)
ACTOR: ContextVar[Actor] = ContextVar("actor", default=NOBODY)
