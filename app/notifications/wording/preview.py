"""Every message as it would be sent, with the words of a sample. Made by the same functions; nothing is sent."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.core.language import EN, speaking
from app.core.urls import Links
from app.notifications.cast import PLAYERS, Cast
from app.notifications.channels.rules import Channel
from app.notifications.kinds import Kind
from app.notifications.wording.compose import (
    MailWords,
    Render,
    mail_words,
    push_payload,
    sms_words,
    voice_lines,
)
from app.notifications.wording.gsm7 import gsm7_length, segments
from app.notifications.wording.values import sample_values

DARK_SHEET = "@media (prefers-color-scheme: dark)"


class Look(StrEnum):
    """How the program that shows a message treats colours."""

    LIGHT = "light"
    DARK = "dark"
    INVERTED = "inverted"
    """Dark by turning the light colours over, as some mail programs do, whatever the mail asks for."""


@dataclass(frozen=True)
class TextPreview:
    """An SMS, and the room it takes."""

    body: str
    length: int
    segments: int


@dataclass(frozen=True)
class PushPreview:
    """A notification, and the size in bytes of what is sent for it."""

    payload: dict[str, Any]
    size: int


@dataclass(frozen=True)
class MailPreview:
    """A mail in both forms. `unsubscribe` is what its List-Unsubscribe header names, if it has one."""

    words: MailWords
    unsubscribe: str | None


@dataclass(frozen=True)
class MessagePreview:
    """One kind on each of its channels; None where it does not go by that."""

    kind: Kind
    text: TextPreview | None
    push: PushPreview | None
    mail: MailPreview | None
    speech: list[str] | None


@dataclass(frozen=True)
class Previewer:
    """Makes previews for one network."""

    render: Render
    brand: str
    links: Links
    cast: Cast
    at: datetime
    language: str = EN

    def of(self, kind: Kind) -> MessagePreview:
        """This kind on each of its channels."""
        by = kind.channels
        with speaking(self.language):
            return MessagePreview(
                kind,
                self._text(kind) if Channel.SMS in by else None,
                self._push(kind) if Channel.PUSH in by else None,
                self._mail(kind) if Channel.EMAIL in by else None,
                voice_lines(self.render, kind, self._values(kind, Channel.VOICE)) if Channel.VOICE in by else None,
            )

    def mail(self, kind: Kind) -> MailPreview:
        """The mail of this kind, which must be one that goes by mail."""
        with speaking(self.language):
            return self._mail(kind)

    def _mail(self, kind: Kind) -> MailPreview:
        values = self._values(kind, Channel.EMAIL)
        return MailPreview(mail_words(self.render, kind, values), values.get("unsubscribe"))

    def _text(self, kind: Kind) -> TextPreview:
        body = sms_words(self.render, kind, self._values(kind, Channel.SMS))
        return TextPreview(body, gsm7_length(body), segments(body))

    def _push(self, kind: Kind) -> PushPreview:
        payload = push_payload(self.render, kind, self._values(kind, Channel.PUSH))
        return PushPreview(json.loads(payload), len(payload.encode()))

    def _values(self, kind: Kind, channel: Channel) -> dict[str, Any]:
        cast = PLAYERS[self.cast]
        return sample_values(kind, channel, cast=cast, brand=self.brand, links=self.links, at=self.at)


def as_shown(html: str, look: Look) -> str:
    """A mail as that program shows it, whatever the reader's own browser prefers. Inverting is left to the frame."""
    is_dark = look is Look.DARK
    sheet = html.replace(DARK_SHEET, "@media all" if is_dark else "@media not all")
    return sheet.replace("{ color-scheme: light dark;", f"{{ color-scheme: {'dark' if is_dark else 'light'};")
