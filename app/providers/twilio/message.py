"""What is asked of the carrier, and what it answers: one small value each."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PlaceCall:
    """Ring `to`, and let the carrier ask the four URLs what to say and tell what happened."""

    to: str
    url: str
    fallback_url: str
    status_url: str
    machine_url: str | None
    """Told beside the call whether a machine picked up, if anybody wants to know."""
    ring_seconds: int


@dataclass(frozen=True)
class SpeakTo:
    """Ring `to` and run this document."""

    to: str
    twiml: str
    ring_seconds: int
    status_url: str | None = None
    """Where its end is reported, if anybody wants to know."""


@dataclass(frozen=True)
class OwnNumber:
    """A number of our account: what it can do, `voice` and `texts`, and its addresses by the API's names."""

    can: frozenset[str]
    addresses: dict[str, str]


@dataclass(frozen=True)
class CarrierCall:
    """A call as the carrier has it."""

    sid: str
    status: str
    created_at: datetime | None
    answered_by: str | None = None
    """What machine detection found, if it was asked for."""


@dataclass(frozen=True)
class SendText:
    """One SMS; the carrier drops it itself after `valid_seconds` (1 to 36000)."""

    to: str
    body: str
    status_url: str
    valid_seconds: int | None


@dataclass(frozen=True)
class CarrierMessage:
    """A message as the carrier has it."""

    sid: str
    status: str
    body: str
    created_at: datetime | None
    to: str
    error_code: str | None = None
