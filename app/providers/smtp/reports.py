"""Reports of mail that could not be delivered: RFC 3464's, and those of servers with ways of their own."""

import email
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr
from pathlib import Path
from uuid import UUID

import structlog

from app.providers.smtp.codes import status_by_words

log = structlog.get_logger()

OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^>\s]+>")
"""Our Message-IDs: a notification's id at our domain."""
LARGEST = 64 * 1024
"""Bytes of a report that are read; what matters stands in the first few."""
MOST_PARTS = 20
LONGEST_LINE = 1000
MOST_IDS = 5
DETECTOR = Path(__file__).with_name("detect.py")
PATIENCE = 5
"""Seconds that whoever hands in a report waits for it to be read."""
MOST_WORDS = 4000
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Bounce:
    """What a report says about one mail of ours."""

    notification_id: UUID
    permanent: bool
    """False: it is delayed, and tried again by the server that reports."""
    status: str
    """The enhanced status code, such as 5.1.1."""
    addresses: frozenset[str]
    """Whom it did not reach, lower case: as reported, and as the mail was addressed."""


def quoted_ids(raw: bytes) -> list[UUID]:
    """What may be mails of ours that `raw` quotes: looked for before anything in it is read."""
    text = raw[:LARGEST].decode("latin-1")
    return list({UUID(found[1]): None for found in OURS.finditer(text)})[:MOST_IDS]


def read_bounce(raw: bytes) -> Bounce | None:
    """The report in `raw`, a whole mail; None when it is no report, or not of a mail of ours.

    A Message-ID of ours is known to nobody but us and the reader, so naming it is proof enough. The caller has asked
    whether there is such a mail: reading costs time that strangers must not spend.
    """
    raw = _cut(raw)
    try:
        report = email.message_from_bytes(raw)
        if sum(1 for _ in report.walk()) > MOST_PARTS:
            return None
    except RecursionError:  # parts within parts within parts
        return None
    delayed, failed = _failures(raw)
    notification_id = _message_id(report, raw)
    if notification_id is None or not (delayed or failed):
        return None
    addresses = {address.lower() for address in failed | delayed}
    to = parseaddr(_original(report, "To"))[1].lower()
    return Bounce(
        notification_id=notification_id,
        permanent=bool(failed),
        status=status_by_words(_status(report), _words(report)),
        addresses=frozenset(addresses | ({to} if to else set())),
    )


def _cut(raw: bytes) -> bytes:
    return b"\n".join(line[:LONGEST_LINE] for line in raw[:LARGEST].split(b"\n"))


def _failures(raw: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """The addresses that the mail is delayed for, and those it will never reach."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(DETECTOR)], input=raw, capture_output=True, timeout=PATIENCE, check=True
        )
        delayed, failed = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:  # took too long, or stumbled: nothing that we can read
        log.info("bounce_unreadable", error=type(error).__name__)
        return frozenset(), frozenset()
    return frozenset(delayed), frozenset(failed)


def _message_id(report: Message, raw: bytes) -> UUID | None:
    found = OURS.search(_original(report, "Message-ID")) or OURS.search(raw.decode("latin-1"))
    return UUID(found[1]) if found is not None else None


def _original(report: Message, header: str) -> str:
    """A header of the mail that bounced, which reports quote whole or in part."""
    for part in report.walk():
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            quoted = part.get_payload(0)
        elif part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
            quoted = email.message_from_string(str(part.get_payload()))
        else:
            continue
        if isinstance(quoted, Message) and quoted[header]:
            return str(quoted[header])
    return ""


def _words(report: Message) -> str:
    """What the other server said, or all that the report says: without the mail that came back."""
    parts = [part for part in report.walk() if not part.is_multipart()]
    told = [str(part["Diagnostic-Code"]) for part in parts if part["Diagnostic-Code"]]
    return " ".join(told or [str(part.get_payload())[:MOST_WORDS] for part in parts[:1]])


def _status(report: Message) -> str | None:
    for part in report.walk():
        found = STATUS.match(str(part.get("Status", "")).strip())
        if found is not None:
            return found[0]
    return None
