"""What the codes of providers mean: whether trying again can help, and whether the channel is dead.

Sources: https://www.twilio.com/docs/api/errors, RFC 3463 (enhanced mail status codes) and RFC 8030 (web push).
"""

from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import Permanent, ProviderError, Retryable, Unknown


class Fate(StrEnum):
    """What a code says of the message it came with."""

    PERMANENT = "permanent"
    """Not delivered, and never will be."""
    RETRYABLE = "retryable"
    """Certainly not delivered; later it may be."""
    UNKNOWN = "unknown"
    """It may have been delivered all the same."""


@dataclass(frozen=True)
class Code:
    """One row of the table. `kills`: why the channel is dead from now on, if it is (channels/rules.py)."""

    fate: Fate
    meaning: str
    kills: str | None = None
    doubtful: bool = False
    """It may have been a bad minute as well: the channel is dead when the next one ends like this, too."""


P, R, U = Fate.PERMANENT, Fate.RETRYABLE, Fate.UNKNOWN


SERVER_ERROR = 500


def error_for(code: str, known: Code, *, retry_after: float | None = None) -> ProviderError:
    """The typed error for a code."""
    if known.fate is Fate.RETRYABLE:
        return Retryable(code, known.meaning, retry_after=retry_after)
    if known.fate is Fate.PERMANENT:
        return Permanent(code, known.meaning, kills=known.kills)
    return Unknown(code, known.meaning)
