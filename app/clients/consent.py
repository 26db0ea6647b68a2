"""Ways to contact a client, and consent to them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.language import mark


class Way(StrEnum):
    """How a client is reached."""

    CALL = "call"
    TEXT = "text"
    EMAIL = "email"


SPELLED: dict[Way, str] = {Way.CALL: mark("a call"), Way.TEXT: mark("a text"), Way.EMAIL: mark("an email")}


class Basis(StrEnum):
    """The legal basis of a consent. Terms: 47 CFR 64.1200(f)."""

    WRITTEN = "written"
    """Signed, on paper or with a form: prior express written consent."""
    ORAL = "oral"
    """Given orally and written down: prior express consent."""
    INQUIRY = "inquiry"
    """They made an inquiry: an established business relationship for three months."""
    CUSTOMER = "customer"
    """They did business with the network: an established business relationship for eighteen months."""


LASTS: dict[Basis, timedelta] = {Basis.INQUIRY: timedelta(days=90), Basis.CUSTOMER: timedelta(days=548)}
"""How long each basis lasts. The others last until withdrawn."""
FOR_TEXTS = frozenset({Basis.WRITTEN, Basis.ORAL})
"""A business relationship alone does not allow texts."""


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
    """The consents that cover this way, expired or not."""
    return [given for given in consents if given.covers(way)]
