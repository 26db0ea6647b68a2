"""The gate, asked before every call and message: whether a client may be reached in this way now, and why not. Pure."""

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
    """What it is asked for."""

    BRIDGE = "bridge"
    """An agent is on the line, and wants the client."""
    AGAIN = "again"
    """The same, for a client who did not pick up before."""


class Refusal(StrEnum):
    """Why not, the gravest first."""

    WISH = "wish"
    """They asked not to be reached this way."""
    NO_CONSENT = "no_consent"
    LAPSED = "lapsed"
    """There was consent, and it does not stand any more."""
    PREFERS_TEXT = "prefers_text"
    ON_A_CALL = "on_a_call"
    """Their phone is busy with a call of ours."""
    TOO_OFTEN = "too_often"
    """As many calls about this referral as there may be in all."""
    TODAY = "today"
    """As many as there may be in 24 hours."""
    HOURS = "hours"


PASSING = frozenset({Refusal.ON_A_CALL, Refusal.TODAY, Refusal.HOURS})
"""Refusals that time alone takes away."""


@dataclass(frozen=True)
class Matter:
    """A client and the referral they are to be reached about."""

    client_id: UUID
    referral_id: UUID
    phone: str
    email: str
    area_zone: str
    state: str
    own_zone: str | None = None
    """The client's own, where the network knows it."""
    prefers: Way | None = None

    @cached_property
    def places(self) -> Places:
        """Where they may be."""
        return client_places(area_zone=self.area_zone, state=self.state, phone=self.phone, own_zone=self.own_zone)


@dataclass(frozen=True)
class Facts:
    """What the rows say of a matter."""

    unwanted: bool
    """They asked not to be reached this way."""
    consents: tuple[Given, ...]
    lately: int
    """How often it was allowed in the last 24 hours, about this referral."""
    ever: int
    on_a_call: bool = False


@dataclass(frozen=True)
class Answer:
    """Whether it may be. `not_before`: from when on, where only time stands against it."""

    refusals: tuple[Refusal, ...] = ()
    not_before: datetime | None = None

    @property
    def allowed(self) -> bool:
        return not self.refusals

    @property
    def main(self) -> Refusal | None:
        """The gravest of its reasons."""
        return self.refusals[0] if self.refusals else None


@dataclass(frozen=True)
class Gate:
    """What a network allows itself."""

    hours: CallingHours
    keys: ContactKeys
    consent_required: bool
    calls_a_day: int
    calls_in_all: int

    def ask(self, way: Way, matter: Matter, facts: Facts, at: datetime) -> Answer:
        """Whether this client may be reached in this way, at this moment."""
        refusals = tuple(refusal for refusal in Refusal if self._refuses(refusal, way, matter, facts, at))
        waits = bool(refusals) and set(refusals) == {Refusal.HOURS}
        return Answer(refusals, self.hours.opens(at, matter.places) if waits else None)

    def _refuses(self, refusal: Refusal, way: Way, matter: Matter, facts: Facts, at: datetime) -> bool:
        if refusal is Refusal.WISH:
            return facts.unwanted
        if way is Way.EMAIL:
            return False
        if refusal in (Refusal.NO_CONSENT, Refusal.LAPSED):
            return self._lacks_consent(way, facts.consents, at) is refusal
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
        """A call needs none where nothing is on record, unless the network makes it compulsory; a text always does."""
        given = covering(consents, way)
        if any(consent.stands(at) for consent in given):
            return None
        if given:
            return Refusal.LAPSED
        needed = way is Way.TEXT or bool(consents) or self.consent_required
        return Refusal.NO_CONSENT if needed else None


@lru_cache(maxsize=8)
def gate_of(settings: Settings) -> Gate:
    """The gate of a network with these settings."""
    return Gate(
        calling_hours(settings.calling_hours, settings.calling_rules),
        ContactKeys(settings.contact_keys),
        settings.consent_required,
        settings.client_calls_a_day,
        settings.client_calls,
    )
