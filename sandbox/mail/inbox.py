"""An SMTP server that keeps what it gets, refuses some of it, and reports on some of it afterwards."""

import email
import itertools
import threading
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import Any, cast

import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.mail.bounces import Bounce, bounce, trouble_of
from sandbox.world import Mail, World, utc_now

SHOWN_HEADERS = (
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post",
)  # fmt: skip
AT_RCPT = {
    "nobody": "550 5.1.1 No such user here",
    "busy": "451 4.3.2 Not accepting messages right now, try again later",
}
"""By what an address begins with."""
SPAM, REFUSED_AS_SPAM = "spam", "554 5.7.1 Message refused as spam"
HOOK_USER, HOOK_SECONDS = "mail", 15.0


class Inbox:
    """aiosmtpd's handler."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers = itertools.count(1 + max((mail.id for mail in world.mails), default=0))

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuses addresses that are refused at once."""
        refusal = next((answer for start, answer in AT_RCPT.items() if address.startswith(start)), None)
        if refusal is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keeps the mail, and reports on those of its recipients who do not get it."""
        if any(address.startswith(SPAM) for address in envelope.rcpt_tos):
            return REFUSED_AS_SPAM
        message = email.message_from_bytes(cast("bytes", envelope.content), policy=SMTP_POLICY)
        mail = Mail(
            id=next(self._numbers),
            to=list(envelope.rcpt_tos),
            sender=str(message["From"]),
            subject=str(message["Subject"]),
            text=_part(message, "plain"),
            html=_part(message, "html"),
            headers=[(name, str(message[name]).strip()) for name in SHOWN_HEADERS if message[name] is not None],
            received=utc_now(),
            envelope_sender=(envelope.mail_from or "").removeprefix("<>"),
        )
        self._world.update(lambda: self._world.mails.append(mail))
        for recipient in mail.to if mail.envelope_sender else []:  # nobody hears what became of a report
            if trouble_of(recipient):
                self._report(mail, message, recipient)
        return "250 Message accepted for delivery"

    def _report(self, mail: Mail, message: EmailMessage, recipient: str) -> None:
        made = bounce(mail.id, message, sender=mail.envelope_sender, recipient=recipient, at=mail.received)
        self._world.update(lambda: self._world.bounces.append(made))
        if self._world.settings.mail_hook_key:
            self._world.reporting(+1)
            threading.Thread(target=self._hand_over, args=(made,), daemon=True).start()

    def _hand_over(self, made: Bounce) -> None:
        """Posts the report as a mail provider's webhook does."""
        settings = self._world.settings
        try:
            response = requests.post(
                f"{settings.public_url}/hooks/mail/bounces",
                made.report.encode(),
                auth=(HOOK_USER, settings.mail_hook_key),
                headers={"Content-Type": "message/rfc822"},
                timeout=HOOK_SECONDS,
            )
            made.answer = response.status_code
        except requests.RequestException as error:
            made.answer = type(error).__name__
        finally:
            self._world.reporting(-1)


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""


def start_inbox(world: World) -> Any:
    """Listens on the sandbox's SMTP port, in a thread of its own; `.stop()` ends it."""
    controller = Controller(Inbox(world), hostname="127.0.0.1", port=world.settings.smtp_port)
    controller.start()
    return controller
