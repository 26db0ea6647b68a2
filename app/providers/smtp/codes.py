"""What an SMTP server means by its status codes (RFC 3463)."""

import re

from app.providers.fate import Code, P, R

DEAD_MAILBOX = re.compile(r"5\.1\.(1|2|3|6|10)|5\.2\.1")
"""Bad mailbox, system, syntax, moved, null MX; mailbox disabled. A full one (x.2.2) is not dead."""


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
