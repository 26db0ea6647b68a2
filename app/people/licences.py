"""A licence to deal in real estate: the state, its number, and when it expires."""

import re
from dataclasses import dataclass
from datetime import date

from app.core.contact import NotUsable
from app.core.language import gettext as _
from app.core.places import STATES

MOST_LICENCES = 70
LONGEST_LICENCE = 45
"""As text: a state, 30 characters of a number, a date."""
A_DAY = r"\d{4}-\d\d-\d\d"
A_LICENCE = re.compile(
    rf"(?P<state>[A-Za-z]{{2}})(\s+(?!{A_DAY}$)(?P<number>[\w.#/-]{{1,30}}))?(\s+(?P<expires>{A_DAY}))?"
)


@dataclass(frozen=True)
class Licence:
    """What of it is not known is None; without a date it does not expire."""

    state: str
    number: str | None = None
    expires: date | None = None
    """The last day on which it holds."""

    def __str__(self) -> str:
        """As `parse_licence` reads it: `TX`, `TX 0612345`, `TX 0612345 2027-01-31`."""
        expires = self.expires.isoformat() if self.expires is not None else None
        return " ".join(filter(None, (self.state, self.number, expires)))

    def holds(self, today: date) -> bool:
        """Whether it has not expired."""
        return self.expires is None or today <= self.expires


def parse_licence(raw: str) -> Licence:
    """What somebody typed for a licence. Raises NotUsable."""
    text = " ".join(raw.split())
    found = A_LICENCE.fullmatch(text)
    if found is None or found["state"].upper() not in STATES:
        raise NotUsable(_("%(licence)s: give TX, TX 0612345 or TX 0612345 2027-01-31.", licence=text))
    try:
        expires = date.fromisoformat(found["expires"]) if found["expires"] else None
    except ValueError as error:
        raise NotUsable(_("%(licence)s: there is no such day.", licence=text)) from error
    return Licence(found["state"].upper(), found["number"], expires)
