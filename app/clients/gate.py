"""The gate: may we contact this client this way, right now, and if not, why? Pure; asked before every call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from uuid import UUID

from app.clients.consent import Given, Way, covering
from app.clients.contact_key import ContactKeys
from app.clients.hours import CallingHours, Places, calling_hours
from app.clients.zones import client_places
from app.config import Settings

DAY = timedelta(days=1)


class Act(StrEnum):
    """What the caller wants to do."""

    BRIDGE = "bridge"
    """Connect the agent on the line to the client."""
    AGAIN = "again"
    """The same, for a client who has been tried before."""
    MESSAGE = "message"
    """Send them a message."""
    BOOKED = "booked"
    """Ring the agent for a booked call, and then them."""
    TRANSFER = "transfer"
    """Connect them to an adviser, for a live transfer."""
    JOIN = "join"
    """Join an agent to them while they are on the line with an adviser. No call is placed, so the gate is not asked."""


RINGS = frozenset({Act.BRIDGE, Act.AGAIN, Act.TRANSFER})
"""Acts that ring the client: these count as attempts."""


class Refusal(StrEnum):
    """Why a contact is refused, most serious first."""

    WISH = "wish"
    """They asked not to be reached this way."""
    NO_CONSENT = "no_consent"
    LAPSED = "lapsed"
    """Their consent has expired."""
    PREFERS_TEXT = "prefers_text"
    ON_A_CALL = "on_a_call"
    """We already have a call to their phone."""
    TOO_OFTEN = "too_often"
    """The limit on calls about this referral has been reached."""
    TODAY = "today"
    """The limit for 24 hours has been reached."""
    HOURS = "hours"


PASSING = frozenset({Refusal.ON_A_CALL, Refusal.TODAY, Refusal.HOURS})
"""Refusals that go away with time."""


@dataclass(frozen=True)
class Matter:
    """A client, and the referral we want to contact them about."""

    client_id: UUID
    referral_id: UUID
    phone: str
    email: str
    area_zone: str
    state: str
    own_zone: str | None = None
    """The client's own time zone, if the network knows it."""
    prefers: Way | None = None

    @cached_property
    def places(self) -> Places:
        """Where the client might be."""
        return client_places(area_zone=self.area_zone, state=self.state, phone=self.phone, own_zone=self.own_zone)


@dataclass(frozen=True)
class Facts:
    """What the database knows about a matter."""

    unwanted: bool
    """They asked not to be reached this way."""
    consents: tuple[Given, ...]
    lately: int
    """How many times this was allowed in the last 24 hours, for this referral."""
    ever: int
    on_a_call: bool = False
    wrote_lately: bool = False
    """They have texted us in the last 24 hours, and this answers it."""


@dataclass(frozen=True)
class Answer:
    """The gate's answer. `not_before`: when it opens, if the hour is the only objection."""

    refusals: tuple[Refusal, ...] = ()
    not_before: datetime | None = None

    @property
    def allowed(self) -> bool:
        return not self.refusals

    @property
    def main(self) -> Refusal | None:
        """The most serious refusal."""
        return self.refusals[0] if self.refusals else None


@dataclass(frozen=True)
class Gate:
    """A network's rules for contacting clients."""

    hours: CallingHours
    keys: ContactKeys
    consent_required: bool
    calls_a_day: int
    calls_in_all: int

    def ask(self, way: Way, matter: Matter, facts: Facts, at: datetime) -> Answer:
        """Decides whether this client may be contacted this way at `at`."""
        refusals = tuple(refusal for refusal in Refusal if self._refuses(refusal, way, matter, facts, at))
        waits = bool(refusals) and set(refusals) == {Refusal.HOURS}
        return Answer(refusals, self.hours.opens(at, matter.places) if waits else None)

    def _refuses(self, refusal: Refusal, way: Way, matter: Matter, facts: Facts, at: datetime) -> bool:
        if refusal is Refusal.WISH:
            return facts.unwanted
        if way is Way.EMAIL:
            return False
        if refusal in (Refusal.NO_CONSENT, Refusal.LAPSED):
            return (
                not (way is Way.TEXT and facts.wrote_lately) and self._lacks_consent(way, facts.consents, at) is refusal
            )
        if refusal is Refusal.HOURS:
            return not self.hours.may_call(at, matter.places)
        return way is Way.CALL and self._refuses_call(refusal, matter, facts)

    def _refuses_call(self, refusal: Refusal, matter: Matter, facts: Facts) -> bool:
        if refusal is Refusal.PREFERS_TEXT:
            return matter.prefers is Way.TEXT
        if refusal is Refusal.ON_A_CALL:
            return facts.on_a_call
        if refusal is Refusal.TOO_OFTEN:
            return facts.ever >= self.calls_in_all
        a_day = self.hours.calls_a_day(matter.places)
        return facts.lately >= min(self.calls_a_day, a_day if a_day is not None else self.calls_a_day)

    def _lacks_consent(self, way: Way, consents: Sequence[Given], at: datetime) -> Refusal | None:
        """A text always needs consent. A call needs it if any is on record, or if the network requires it."""
        given = covering(consents, way)
        if any(consent.stands(at) for consent in given):
            return None
        if given:
            return Refusal.LAPSED
        needed = way is Way.TEXT or bool(consents) or self.consent_required
        return Refusal.NO_CONSENT if needed else None


@lru_cache(maxsize=8)
def gate_of(settings: Settings) -> Gate:
    """The gate for these settings."""
    return Gate(
        calling_hours(settings.calling_hours, settings.calling_rules),
        ContactKeys(settings.contact_keys),
        settings.consent_required,
        settings.client_calls_a_day,
        settings.client_calls,
    )
