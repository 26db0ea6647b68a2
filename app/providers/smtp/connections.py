"""Connections to the mail server, kept open between mails: opening one costs more than sending the mail."""

import queue
import smtplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote, urlsplit

from app.core.errors import ProviderError, Retryable

LOST = "smtp-lost"
SMTP_SECONDS = 8.0
IDLE_SECONDS = 20.0
"""Servers hang up on those who say nothing; before that we ask whether it is still there."""
KEEP = 16
MAILS_PER_CONNECTION = 100
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SUBMISSION_PORT = 587
SMTPS_PORT = 465


class MailConnections:
    """A stack of open connections; each is used by one thread at a time."""

    def __init__(self, mail_url: str) -> None:
        self._url = urlsplit(mail_url)
        self._idle: queue.LifoQueue[tuple[smtplib.SMTP, float, int]] = queue.LifoQueue(KEEP)

    @contextmanager
    def one(self) -> Iterator[smtplib.SMTP]:
        """A connection that was alive a moment ago; after trouble it is closed. Raises Retryable."""
        server, used = self._borrow()
        good = False
        try:
            yield server
            good = True
        except ProviderError as error:
            good = error.code != LOST  # refused is not lost
            raise
        finally:
            self._give_back(server, used + 1, good)

    def _borrow(self) -> tuple[smtplib.SMTP, int]:
        while True:
            try:
                server, since, used = self._idle.get_nowait()
            except queue.Empty:
                return self._connected(), 0
            if time.monotonic() - since < IDLE_SECONDS or _answers(server):
                return server, used
            server.close()

    def _give_back(self, server: smtplib.SMTP, used: int, good: bool) -> None:
        if good and server.sock is not None and used < MAILS_PER_CONNECTION:
            with suppress(queue.Full):
                self._idle.put_nowait((server, time.monotonic(), used))
                return
        server.close()

    def _connected(self) -> smtplib.SMTP:
        try:
            return self._open()
        except smtplib.SMTPAuthenticationError as error:
            raise Retryable("smtp-auth") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Retryable("smtp-unreachable") from error

    def _open(self) -> smtplib.SMTP:
        url, secure = self._url, self._url.scheme == "smtps"
        host, port = url.hostname or "", url.port or (SMTPS_PORT if secure else SUBMISSION_PORT)
        context = ssl.create_default_context() if secure else None
        server: smtplib.SMTP
        if secure:
            server = smtplib.SMTP_SSL(host, port, timeout=SMTP_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=SMTP_SECONDS)
        server.ehlo_or_helo_if_needed()
        if not secure and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif not secure and url.username and host not in LOOPBACK:
            server.close()
            raise Retryable("smtp-no-tls")  # somebody on the way may have taken it out of the offer
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        return server


def _answers(server: smtplib.SMTP) -> bool:
    try:
        return server.noop()[0] == 250  # noqa: PLR2004
    except (OSError, smtplib.SMTPException):
        return False
