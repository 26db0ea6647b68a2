"""Rules for incoming referrals."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from app.clients.contact_key import ContactKeys
from app.config import Settings


@dataclass(frozen=True)
class IntakeRules:
    """By default nothing is held, and no do-not-contact request is lifted."""

    held_within: timedelta = timedelta(0)
    """A duplicate within this time is held."""
    keys: ContactKeys | None = None
    """Finds the do-not-contact requests that a new consent lifts."""


@lru_cache(maxsize=8)
def intake_rules(settings: Settings) -> IntakeRules:
    """The rules for these settings."""
    return IntakeRules(timedelta(hours=settings.duplicate_hours), ContactKeys(settings.contact_keys))
