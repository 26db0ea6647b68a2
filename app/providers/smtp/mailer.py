"""Mail through one SMTP server. Acceptance is not delivery: bounces come back another way (delivery/bounces.py)."""

import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from enum import StrEnum

from app.core.errors import Permanent, ProviderError, Retryable, Unknown
from app.providers.fate import error_for
from app.providers.smtp.codes import mail_code, status_by_words
from app.providers.smtp.connections import LOST, MailConnections
from app.providers.smtp.message import Mail, as_bytes

ENHANCED = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})\b")
GO_ON = frozenset({354})
PERMANENT_FROM = 500
"""RFC 5321: replies below are transient."""


class Stage(StrEnum):
    """What the server is asked about."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


class Mailer:
    """Safe to share between threads."""

    def __init__(self, mail_url: str, mail_from: str, bounces_to: str = "") -> None:
        self._connections = MailConnections(mail_url)
        self._from = mail_from
        self._bounces_to = bounces_to or parseaddr(mail_from)[1]

    def send(self, mail: Mail) -> None:
        """Hands `mail` to the server. Raises Retryable, Permanent, or Unknown when it may have been taken."""
        content = as_bytes(mail, self._from)
        with self._connections.one() as server, _typed_errors():
            self._transmit(server, mail.to, content)

    def _transmit(self, server: smtplib.SMTP, to: str, content: bytes) -> None:
        """MAIL, RCPT, DATA. Until the last byte of DATA is out, nothing has been taken."""
        try:
            _expect(server, server.mail(self._bounces_to), Stage.SENDER)
            _expect(server, server.rcpt(to), Stage.RECIPIENT)
            _expect(server, server.docmd("DATA"), Stage.CONTENT, GO_ON)
            server.send(_dotted(content))
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            raise Retryable(LOST) from error
        _expect(server, server.getreply(), Stage.CONTENT)

    def message_domain(self) -> str:
        """The domain of our Message-IDs."""
        return parseaddr(self._from)[1].rpartition("@")[2]


def _dotted(content: bytes) -> bytes:
    """With leading dots doubled and the end marked: RFC 5321, 4.5.2."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _expect(
    server: smtplib.SMTP, reply: tuple[int, bytes], stage: Stage, good: frozenset[int] = frozenset({250, 251})
) -> None:
    """Raises what a refusal means, and leaves the connection good for the next mail, or closed."""
    if reply[0] in good:
        return
    try:
        server.rset()
    except (OSError, smtplib.SMTPException):
        server.close()  # some refuse and hang up
    raise refusal(*reply, stage)


def refusal(code: int, words: bytes, stage: Stage) -> ProviderError:
    """The typed error of a refusal; its code is the server's, with the enhanced one where it was given.

    Only what is said of the recipient can tell that a mailbox is dead. What is said of us, an operator can mend.
    """
    enhanced = ENHANCED.match(words.strip())
    meant = status_by_words(enhanced[1].decode(), words.decode("latin-1")) if enhanced else None
    status = f"{code} {meant}" if meant else str(code)
    if code < PERMANENT_FROM or stage is Stage.SENDER:
        return Retryable(status)
    if stage is Stage.CONTENT:
        return Permanent(status)
    return error_for(status, mail_code(status))


@contextmanager
def _typed_errors() -> Iterator[None]:
    try:
        yield
    except (OSError, smtplib.SMTPException) as error:
        raise Unknown(LOST) from error
