"""An SMTP server that keeps what it gets."""

import email
import itertools
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.sandbox.world import Mail, World, utc_now

SHOWN_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe")
UNKNOWN_USER = "550 5.1.1 No such user here"


class Inbox:
    """aiosmtpd's handler."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers = itertools.count(1 + max((mail.id for mail in world.mails), default=0))

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Addresses that begin with `nobody` do not exist."""
        if address.startswith("nobody"):
            return UNKNOWN_USER
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keeps the mail."""
        message = email.message_from_bytes(cast("bytes", envelope.content), policy=default)
        mail = Mail(
            id=next(self._numbers),
            to=list(envelope.rcpt_tos),
            sender=str(message["From"]),
            subject=str(message["Subject"]),
            text=_part(message, "plain"),
            html=_part(message, "html"),
            headers=[(name, str(message[name])) for name in SHOWN_HEADERS if message[name] is not None],
            received=utc_now(),
        )
        self._world.update(lambda: self._world.mails.append(mail))
        return "250 Message accepted for delivery"


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""


def start_inbox(world: World) -> Any:
    """Listens on the sandbox's SMTP port, in a thread of its own; `.stop()` ends it."""
    controller = Controller(Inbox(world), hostname="127.0.0.1", port=world.settings.smtp_port)
    controller.start()
    return controller
