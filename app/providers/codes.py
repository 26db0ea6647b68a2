"""What the codes of providers mean: whether trying again can help, and whether the channel is dead.

Sources: https://www.twilio.com/docs/api/errors, RFC 3463 (enhanced mail status codes) and RFC 8030 (web push).
"""

import re
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
    """One row of the table. `kills`: why the channel is dead from now on, if it is (OffReason in app/notify)."""

    fate: Fate
    meaning: str
    kills: str | None = None


P, R, U = Fate.PERMANENT, Fate.RETRYABLE, Fate.UNKNOWN

CARRIER: dict[str, Code] = {
    # answers to a request
    "20003": Code(R, "the carrier does not accept our credentials: an operator can mend that"),
    "20429": Code(R, "too many requests at once"),
    "20500": Code(U, "an error inside the carrier"),
    "21211": Code(P, "not a phone number", "no_such_number"),
    "21265": Code(P, "a short code cannot be reached", "no_such_number"),
    "21408": Code(P, "texts to this country are not allowed for our account"),
    "21606": Code(P, "our sending number cannot send texts"),
    "21610": Code(P, "the agent has texted STOP", "stopped"),
    "21611": Code(R, "our number's queue at the carrier is full"),
    "21612": Code(P, "our number cannot reach this one"),
    "21614": Code(P, "not a mobile number", "landline"),
    "21617": Code(P, "the text is too long"),
    # receipts
    "30001": Code(R, "the carrier's queue was full"),
    "30002": Code(P, "our account is suspended"),
    "30003": Code(R, "the phone is off or out of reach"),
    "30004": Code(P, "the phone, or its operator, refuses our texts"),
    "30005": Code(P, "no such number, or it is not in service", "no_such_number"),
    "30006": Code(P, "a landline, or an operator that takes no texts", "landline"),
    "30007": Code(P, "filtered as unwanted"),
    "30008": Code(U, "an unknown error"),
    "30017": Code(R, "the network is congested"),
    "30022": Code(R, "over the rate of our registration"),
    "30023": Code(R, "over the day's limit of our registration"),
    "30034": Code(P, "our number is not registered for texts to the US"),
    "30036": Code(P, "it could not be delivered while it was of use"),
    "30410": Code(U, "the operator did not answer in time"),
    "30500": Code(U, "an error inside the carrier"),
}

PUSH: dict[str, Code] = {
    "400": Code(P, "the push service finds the request wrong"),
    "401": Code(P, "the push service does not accept our key"),
    "403": Code(P, "the push service does not accept our key for this browser"),
    "404": Code(P, "the browser is gone", "gone"),
    "410": Code(P, "the browser is gone", "gone"),
    "413": Code(P, "the message is too large"),
    "429": Code(R, "too many at once"),
}

DEAD_MAILBOX = re.compile(r"5\.1\.(1|2|3|6|10)|5\.2\.1")
"""Bad mailbox, system, syntax, moved, null MX; mailbox disabled. A full one (x.2.2) is not dead."""
SERVER_ERROR = 500


def carrier_code(code: str | None) -> Code:
    """What the carrier's error code says; one that is not in the table says nothing."""
    return CARRIER.get(code or "", Code(U, "a code we do not know"))


def push_code(status: int) -> Code:
    """What a push service's answer says. Repeating one that may have been taken is safe: its topic replaces it."""
    known = PUSH.get(str(status))
    if known is not None:
        return known
    return Code(R, "the push service is not well") if status >= SERVER_ERROR else Code(P, "refused")


def mail_code(status: str) -> Code:
    """What a mail server's reply about a recipient says, `550 5.1.1`; or a bounce, `5.1.1`.

    A bare `550` says nothing of the mailbox: servers use it for whatever they do not like.
    """
    enhanced = status.rpartition(" ")[2]
    if enhanced.startswith("4"):
        return Code(R, "not now")
    if DEAD_MAILBOX.fullmatch(enhanced):
        return Code(P, "no such mailbox", "bounced")
    return Code(P, "refused")


def error_for(code: str, known: Code, *, retry_after: float | None = None) -> ProviderError:
    """The typed error for a code."""
    if known.fate is Fate.RETRYABLE:
        return Retryable(code, known.meaning, retry_after=retry_after)
    if known.fate is Fate.PERMANENT:
        return Permanent(code, known.meaning, kills=known.kills)
    return Unknown(code, known.meaning)
