"""The words of a message, from templates: plain values in, text out, in the language
of the moment. Nothing here reads a row."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from app.core.language import gettext as _
from app.notifications.channels.rules import Channel
from app.notifications.kinds import Kind
from app.notifications.models import Notification
from app.notifications.wording.one_segment import short_text

DIGEST = "digest"
"""The template that the digests of all kinds share."""
Render = Callable[..., str]

FOLDERS = {Channel.EMAIL: "mail", Channel.SMS: "sms", Channel.PUSH: "push", Channel.VOICE: "voice"}


@dataclass(frozen=True)
class MailWords:
    """A mail in both forms."""

    subject: str
    text: str
    html: str


def template(channel: Channel, kind: Kind | str, ending: str = "txt") -> str:
    """The template of these words."""
    return f"{FOLDERS[channel]}/{kind}.{ending}"


def mail_words(render: Render, kind: Kind, values: Mapping[str, Any]) -> MailWords:
    """The mail of this kind. The first line of its text template is `Subject: ...`."""
    name = DIGEST if "together" in values else kind
    head, _sep, text = render(template(Channel.EMAIL, name), **values).strip().partition("\n")
    subject = " ".join(head.removeprefix("Subject:").split())
    html = render(template(Channel.EMAIL, name, "html"), subject=subject, **values)
    return MailWords(subject, text.strip() + "\n", html)


def voice_lines(render: Render, kind: Kind, values: Mapping[str, Any]) -> list[str]:
    """What is read out, line by line."""
    lines = render(template(Channel.VOICE, kind), **values).splitlines()
    return [line.strip() for line in lines if line.strip()]


def sms_words(render: Render, kind: Kind, values: Mapping[str, Any]) -> str:
    """The SMS of this kind: one segment of GSM-7, with its link, however long the names in it are."""
    return short_text(lambda plain: render(template(Channel.SMS, kind), **plain), values)


def push_payload(render: Render, kind: Kind, values: Mapping[str, Any]) -> str:
    """What the service worker is sent, as JSON. The first line of its template is the title, the rest the body.

    `url` and `arrived` are paths: a notification leads to our own origin only.
    """
    title, _sep, body = render(template(Channel.PUSH, kind), **values).strip().partition("\n")
    payload = {
        "kind": kind.name,
        "title": title.strip(),
        "body": body.strip(),
        "url": _path(values["link"]),
        "tag": values["tag"],
        "badge": values["badge"],
        "actions": [{"action": button.action, "title": _(button.title)} for button in kind.buttons],
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
