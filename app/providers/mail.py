"""Mail through one SMTP server. Acceptance is not delivery: bounces come back another way."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from app.core.errors import Permanent, Retryable, Unknown

SMTP_SECONDS = 15.0
PERMANENT_FROM = 500
SUBMISSION_PORT = 587
SMTPS_PORT = 465


@dataclass(frozen=True)
class Mail:
    """One mail in two forms. `message_id` stays the same when it has to be sent again."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    date: datetime


class Mailer:
    """A connection per mail, opened when it is needed; safe to share between threads."""

    def __init__(self, mail_url: str, mail_from: str) -> None:
        self._url = urlsplit(mail_url)
        self._from = mail_from

    def send(self, mail: Mail) -> None:
        """Hands `mail` to the server. Raises Retryable, Permanent, or Unknown when it may have been taken."""
        message = self._message(mail)
        with self._connected() as server, _typed_errors():
            server.send_message(message)

    def message_domain(self) -> str:
        """The domain of our Message-IDs."""
        return parseaddr(self._from)[1].rpartition("@")[2]

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._from
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.date)
        message["Message-ID"] = mail.message_id
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            server = self._open()
        except smtplib.SMTPAuthenticationError as error:
            raise Retryable("smtp-auth") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Retryable("smtp-unreachable") from error
        try:
            yield server
        finally:
            server.close()

    def _open(self) -> smtplib.SMTP:
        url, secure = self._url, self._url.scheme == "smtps"
        host, port = url.hostname or "", url.port or (SMTPS_PORT if secure else SUBMISSION_PORT)
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if secure:
            server = smtplib.SMTP_SSL(host, port, timeout=SMTP_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=SMTP_SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        return server


@contextmanager
def _typed_errors() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, _ = next(iter(error.recipients.values()))
        raise _refused(code) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unknown("smtp-lost") from error


def _refused(code: int) -> Permanent | Retryable:
    return Permanent(f"smtp-{code}") if code >= PERMANENT_FROM else Retryable(f"smtp-{code}")
