"""What a network makes of referrals that come in."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from app.clients.contact_key import ContactKeys
from app.config import Settings


@dataclass(frozen=True)
class IntakeRules:
    """By default nothing is held, and no wish is undone."""

    held_within: timedelta = timedelta(0)
    """The same need of the same client, sent again within this, is held."""
    keys: ContactKeys | None = None
    """Looks up the wishes that a new consent undoes."""


@lru_cache(maxsize=8)
def intake_rules(settings: Settings) -> IntakeRules:
    """Those of a network with these settings."""
    return IntakeRules(timedelta(hours=settings.duplicate_hours), ContactKeys(settings.contact_keys))
