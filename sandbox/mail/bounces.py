"""Mail that is not delivered: refused on the way in, or taken and reported on afterwards, as RFC 3464 has it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

HOST = "mx.sandbox.example"
DAYS_TRIED = 2


@dataclass(frozen=True)
class Trouble:
    """Why a mailbox does not get a mail that its server has taken."""

    action: str
    status: str
    diagnostic: str
    subject: str
    words: str


AFTERWARDS = {
    "gone": Trouble(
        "failed", "5.1.1", "550 5.1.1 That account does not exist",
        "Undelivered Mail Returned to Sender", "could not be delivered, and will not be tried again",
    ),
    "full": Trouble(
        "delayed", "4.2.2", "452 4.2.2 That account is over its quota",
        "Delayed Mail (still being retried)", "could not be delivered yet; you need not send it again",
    ),
}  # fmt: skip
"""By what an address begins with."""


@dataclass
class Bounce:
    """A report on one recipient of one mail, and what the product answered to it, if it was posted."""

    mail: int
    recipient: str
    action: str
    status: str
    report: str
    answer: int | str | None = None


def trouble_of(address: str) -> Trouble | None:
    """What goes wrong later with mail to `address`, if anything."""
    return next((trouble for start, trouble in AFTERWARDS.items() if address.startswith(start)), None)


def bounce(mail: int, original: EmailMessage, *, sender: str, recipient: str, at: datetime) -> Bounce:
    """The report that goes to the envelope sender, for a recipient whose mail is in trouble."""
    trouble = trouble_of(recipient)
    assert trouble is not None
    report = MIMEMultipart("report", report_type="delivery-status", policy=SMTP)
    report["Return-Path"] = "<>"
    report["From"] = f"Mail Delivery System <MAILER-DAEMON@{HOST}>"
    report["To"] = sender
    report["Subject"] = trouble.subject
    report["Date"] = format_datetime(at)
    report["Message-ID"] = make_msgid(domain=HOST)
    report["Auto-Submitted"] = "auto-replied"
    told = f"This is the mail system at {HOST}.\n\nYour message to <{recipient}> {trouble.words}.\n"
    report.attach(MIMEText(f"{told}\n{trouble.diagnostic}\n"))
    report.attach(_status(trouble, recipient, at))
    report.attach(_returned(original, whole=trouble.action == "failed"))
    return Bounce(mail, recipient, trouble.action, trouble.status, report.as_bytes().decode("utf-8", "replace"))


def _status(trouble: Trouble, recipient: str, at: datetime) -> Message:
    """Two blocks of fields: about the mail, and about its recipient. RFC 3464, section 2"""
    about_mail, about_recipient = Message(), Message()
    about_mail["Reporting-MTA"] = f"dns; {HOST}"
    about_mail["Arrival-Date"] = format_datetime(at)
    about_recipient["Final-Recipient"] = about_recipient["Original-Recipient"] = f"rfc822; {recipient}"
    about_recipient["Action"] = trouble.action
    about_recipient["Status"] = trouble.status
    about_recipient["Remote-MTA"] = f"dns; mx.{recipient.rpartition('@')[2]}"
    about_recipient["Diagnostic-Code"] = f"smtp; {trouble.diagnostic}"
    if trouble.action == "delayed":
        until = at.astimezone(UTC) + timedelta(days=DAYS_TRIED)
        about_recipient["Will-Retry-Until"] = format_datetime(until)
    part = MIMEBase("message", "delivery-status")
    part.set_payload([about_mail, about_recipient])
    return part


def _returned(original: EmailMessage, *, whole: bool) -> Message:
    """The mail itself when it comes back for good, else its headers alone. RFC 6522, section 3"""
    if whole:
        return MIMEMessage(original)
    headers = EmailMessage(policy=SMTP)
    for name, value in original.items():
        headers[name] = value
    return MIMEText(headers.as_string(), "rfc822-headers")
