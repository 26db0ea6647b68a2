"""By which ways a client may be reached, and what they have agreed to. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Way(StrEnum):
    """How a client is reached."""

    CALL = "call"
    TEXT = "text"
    EMAIL = "email"


class Basis(StrEnum):
    """What a consent stands on. 47 CFR 64.1200(f) has the terms."""

    WRITTEN = "written"
    """Signed, on paper or with a form: prior express written consent."""
    ORAL = "oral"
    """Said, and noted down by somebody: prior express consent."""
    INQUIRY = "inquiry"
    """They asked about what is offered: an established business relationship of three months."""
    CUSTOMER = "customer"
    """They did business with the network: one of eighteen months."""


LASTS: dict[Basis, timedelta] = {Basis.INQUIRY: timedelta(days=90), Basis.CUSTOMER: timedelta(days=548)}
"""How long a basis stands; one that is not named stands until it is withdrawn."""
FOR_TEXTS = frozenset({Basis.WRITTEN, Basis.ORAL})
"""A business relationship alone is no consent to be texted."""


@dataclass(frozen=True)
class Given:
    """One consent, as it was given."""

    basis: Basis
    at: datetime
    ways: frozenset[Way]

    def stands(self, at: datetime) -> bool:
        return at < self.at + LASTS[self.basis] if self.basis in LASTS else True

    def covers(self, way: Way) -> bool:
        return way in self.ways and (way is not Way.TEXT or self.basis in FOR_TEXTS)


def covering(consents: Iterable[Given], way: Way) -> list[Given]:
    """The consents to be reached this way, whether or not they still stand."""
    return [given for given in consents if given.covers(way)]
