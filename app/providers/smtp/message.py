"""A mail as it goes over the wire: RFC 5322, text and HTML side by side, in seven bits."""

from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr

WIRE = compat32.clone(linesep="\r\n", max_line_length=998)
"""The older of the library's two ways: it builds a mail in a quarter of the newer one's time. Nothing is folded that
fits a line as RFC 5322 has it: a link that is folded has a blank before it for some programs."""
READABLE = Charset("utf-8")
READABLE.body_encoding = QP
"""Whatever a server on the way can do, the text stays whole, and readable in its source."""


@dataclass(frozen=True)
class Mail:
    """One mail in two forms. `message_id` stays the same when it has to be sent again."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    date: datetime
    unsubscribe_url: str | None = None
    """Where a mail program may unsubscribe by one POST (RFC 8058)."""


def as_bytes(mail: Mail, sender: str) -> bytes:
    """The whole message, with CRLF; `sender` is a mailbox with or without a name. Raises ValueError for a header
    that would break out of its line."""
    message = MIMEMultipart("alternative", policy=WIRE)
    for name, value in _headers(mail, sender):
        if "\n" in value or "\r" in value:
            raise ValueError(f"{name} has a line break")
        message[name] = value if value.isascii() else Header(value, "utf-8", header_name=name).encode()
    message.attach(_part("plain", mail.text))
    message.attach(_part("html", mail.html))
    return message.as_bytes()


def _part(subtype: str, words: str) -> MIMENonMultipart:
    part = MIMENonMultipart("text", subtype, policy=WIRE)
    part.set_payload(words, READABLE)
    return part


def _headers(mail: Mail, sender: str) -> list[tuple[str, str]]:
    headers = [
        ("From", formataddr(parseaddr(sender))),
        ("To", mail.to),
        ("Subject", mail.subject),
        ("Date", format_datetime(mail.date)),
        ("Message-ID", mail.message_id),
        ("Auto-Submitted", "auto-generated"),
    ]
    if mail.unsubscribe_url is not None:
        headers += [
            ("List-Unsubscribe", f"<{mail.unsubscribe_url}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]
    return headers
