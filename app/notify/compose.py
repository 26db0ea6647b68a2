"""The words of a message, from templates: plain values in, text out. Nothing here reads a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.notify.rules import Kind

Render = Callable[..., str]


@dataclass(frozen=True)
class MailWords:
    """A mail in both forms."""

    subject: str
    text: str
    html: str


def mail_words(render: Render, kind: Kind, values: Mapping[str, Any]) -> MailWords:
    """The mail of this kind. The first line of its text template is `Subject: ...`."""
    head, _, text = render(f"mail/{kind}.txt", **values).strip().partition("\n")
    subject = head.removeprefix("Subject:").strip()
    return MailWords(subject, text.strip() + "\n", render(f"mail/{kind}.html", subject=subject, **values))


def push_payload(render: Render, kind: Kind, values: Mapping[str, Any]) -> str:
    raise NotImplementedError


def push_topic(notification: Any) -> str:
    raise NotImplementedError


def voice_lines(render: Render, kind: Kind, values: Mapping[str, Any]) -> list[str]:
    """What is read out, line by line."""
    lines = render(f"voice/en/{kind}.txt", **values).splitlines()
    return [line.strip() for line in lines if line.strip()]


def sms_words(render: Render, kind: Kind, values: Mapping[str, Any]) -> str:
    """The SMS of this kind."""
    return render(f"sms/{kind}.txt", **values).strip()
