"""The words of a message, from templates: plain values in, text out. Nothing here reads a row."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from app.notifications.channels.rules import Channel
from app.notifications.kinds import Kind
from app.notifications.models import Notification
from app.notifications.wording.one_segment import short_text

Render = Callable[..., str]

FOLDERS: dict[str, dict[Channel, str]] = {
    "en": {Channel.EMAIL: "mail", Channel.SMS: "sms", Channel.PUSH: "push", Channel.VOICE: "voice/en"},
    "es": {Channel.EMAIL: "mail/es", Channel.SMS: "sms/es"},
}
"""Where the words of a language stand."""


@dataclass(frozen=True)
class MailWords:
    """A mail in both forms."""

    subject: str
    text: str
    html: str


def template(channel: Channel, kind: Kind, values: Mapping[str, Any], ending: str = "txt") -> str:
    """The template of these words, in the language in `values` if there is one, else in English."""
    language = values.get("language", "en")
    folders = FOLDERS[language if language in kind.languages else "en"]
    return f"{folders[channel]}/{kind}.{ending}"


def mail_words(render: Render, kind: Kind, values: Mapping[str, Any]) -> MailWords:
    """The mail of this kind. The first line of its text template is `Subject: ...`."""
    head, _, text = render(template(Channel.EMAIL, kind, values), **values).strip().partition("\n")
    subject = " ".join(head.removeprefix("Subject:").split())
    html = render(template(Channel.EMAIL, kind, values, "html"), subject=subject, **values)
    return MailWords(subject, text.strip() + "\n", html)


def voice_lines(render: Render, kind: Kind, values: Mapping[str, Any]) -> list[str]:
    """What is read out, line by line."""
    lines = render(template(Channel.VOICE, kind, values), **values).splitlines()
    return [line.strip() for line in lines if line.strip()]


def sms_words(render: Render, kind: Kind, values: Mapping[str, Any]) -> str:
    """The SMS of this kind: one segment of GSM-7, with its link, however long the names in it are."""
    return short_text(lambda plain: render(template(Channel.SMS, kind, values), **plain), values)


def push_payload(render: Render, kind: Kind, values: Mapping[str, Any]) -> str:
    """What the service worker is sent, as JSON. The first line of its template is the title, the rest the body.

    `url` and `arrived` are paths: a notification leads to our own origin only.
    """
    title, _, body = render(template(Channel.PUSH, kind, values), **values).strip().partition("\n")
    payload = {
        "kind": kind.name,
        "title": title.strip(),
        "body": body.strip(),
        "url": _path(values["link"]),
        "tag": values["tag"],
        "badge": values["badge"],
        "actions": [{"action": button.action, "title": button.title} for button in kind.buttons],
        "arrived": _path(values["arrived"]),
    }
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def push_topic(notification: Notification) -> str:
    """What a newer message of the same matter replaces: 22 characters for an offer. Tag and Topic (RFC 8030) alike."""
    if notification.offer_id is None:
        return str(notification.kind)
    return urlsafe_b64encode(notification.offer_id.bytes).decode("ascii").rstrip("=")


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
