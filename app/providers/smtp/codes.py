"""What an SMTP server means by its status codes (RFC 3463)."""

import re

from app.core.language import mark
from app.providers.fate import Code, P, R

DEAD_MAILBOX = re.compile(r"5\.1\.(1|2|3|6|10)|5\.2\.1|5\.4\.1")
"""Bad mailbox, system, syntax, moved, null MX; mailbox disabled; no such recipient, as Microsoft says it. A full one
(x.2.2) is not dead."""
TOO_MUCH = re.compile(r"at a rate|rate limit|too many messages", re.IGNORECASE)
NO_SUCH_USER = re.compile(
    r"no such (user|mailbox|recipient|person|address)|unknown (user|recipient|mailbox)|unrouteable address"
    r"|(user|recipient|mailbox|address) (is )?(unknown|not found|does(n't| not) exist)|doesn't have an? \S+ account",
    re.IGNORECASE,
)
MAIL_FLOOD, BAD_MAILBOX = "5.7.28", "5.1.1"
NOT_TOLD = "5.0.0"
"""Other undefined status, RFC 3463: a failure without a code."""


def status_by_words(status: str | None, words: str) -> str:
    """The status that says what a server's words do: some send one that says more than they mean, or none at all.

    Google's 5.2.1 is a disabled mailbox, and as well one that "is receiving mail at a rate" too high for the moment.
    """
    if status is None:
        return BAD_MAILBOX if NO_SUCH_USER.search(words) else NOT_TOLD
    return MAIL_FLOOD if DEAD_MAILBOX.fullmatch(status) and TOO_MUCH.search(words) else status


def mail_code(status: str) -> Code:
    """What a mail server's reply about a recipient says, `550 5.1.1`; or a bounce, `5.1.1`.

    A bare `550` says nothing of the mailbox: servers use it for whatever they do not like.
    """
    enhanced = status.rpartition(" ")[2]
    if enhanced.startswith("4"):
        return Code(R, mark("not now"))
    if DEAD_MAILBOX.fullmatch(enhanced):
        return Code(P, mark("no such mailbox"), "bounced")
    return Code(P, mark("refused"))
