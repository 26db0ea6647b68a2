"""Any message with any names in it, worded as the product words it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import render_template
from hypothesis import strategies as st

from app import create_app
from app.claims.notices import LOST
from app.config import LONGEST_PUBLIC_URL, load_settings
from app.core.language import EN, speaking
from app.core.referral_kind import ReferralKind
from app.core.runtime import runtime
from app.core.urls import links
from app.inbound.notices import UNPLACED
from app.notifications.cast import LONGEST, TYPICAL, Players, SampleClient
from app.notifications.channels.rules import Channel
from app.notifications.kinds import KINDS, Kind
from app.notifications.reach.notices import TEST
from app.notifications.wording.compose import (
    MailWords,
    mail_words,
    push_payload,
    sms_words,
    voice_lines,
)
from app.notifications.wording.values import sample_values
from app.numbers.notices import NUMBER_CHANGED, NUMBER_CODE, NUMBER_CONFIRM
from app.offers.notices import OFFER
from app.referrals.rules import Need

Made = TypeVar("Made")
LONGEST_URL = "https://referrals.hill-country-homes.com"
LONGEST_BRAND = "Công ty Bất động sản Đồi Núi — Bienes Raíces de la Española 山地房地产 🏡 " + "W" * 8
BEFORE_THE_CLAIM = (
    OFFER,
    LOST,
    NUMBER_CONFIRM,
    NUMBER_CHANGED,
    NUMBER_CODE,
    UNPLACED,
    TEST,
)
"""What an agent may be sent who has not claimed."""


def by(channel: Channel) -> list[Kind]:
    """The kinds that go by this channel."""
    return [kind for kind in KINDS if channel in kind.channels]


@dataclass(frozen=True)
class Words:
    """Words of messages at one address."""

    url: str
    language: str = EN

    def in_language(self, language: str) -> "Words":
        """The same, said in another."""
        return replace(self, language=language)

    def values(self, kind: Kind, channel: Channel, cast: Players = TYPICAL, **other: Any) -> dict[str, Any]:
        """What the template of this message is given; `other` instead of the sample's."""
        brand = other.pop("brand", "Dibs")
        at = datetime.now(UTC)
        with speaking(self.language):
            made = sample_values(kind, channel, cast=cast, brand=brand, links=links(runtime()), at=at)
        assert set(other) <= set(made)
        return {**made, **other}

    def sms(self, kind: Kind, cast: Players = TYPICAL, **other: Any) -> str:
        return self._said(sms_words, kind, self.values(kind, Channel.SMS, cast, **other))

    def push(self, kind: Kind, cast: Players = TYPICAL, **other: Any) -> str:
        return self._said(push_payload, kind, self.values(kind, Channel.PUSH, cast, **other))

    def mail(self, kind: Kind, cast: Players = TYPICAL, **other: Any) -> MailWords:
        return self._said(mail_words, kind, self.values(kind, Channel.EMAIL, cast, **other))

    def voice(self, kind: Kind, cast: Players = TYPICAL, **other: Any) -> list[str]:
        return self._said(voice_lines, kind, self.values(kind, Channel.VOICE, cast, **other))

    def on(self, channel: Channel, kind: Kind, cast: Players = TYPICAL) -> str:
        """All that is read by whoever gets this message by this channel."""
        match channel:
            case Channel.SMS:
                return self.sms(kind, cast)
            case Channel.PUSH:
                return self.push(kind, cast)
            case Channel.VOICE:
                return " ".join(self.voice(kind, cast))
            case Channel.EMAIL:
                mail = self.mail(kind, cast)
                return "\n".join([mail.subject, mail.text, mail.html])

    def _said(self, compose: Callable[..., Made], kind: Kind, values: dict[str, Any]) -> Made:
        with speaking(self.language):
            return compose(render_template, kind, values)


@contextmanager
def words_at_the_longest_address() -> Iterator[Words]:
    assert len(LONGEST_URL) == LONGEST_PUBLIC_URL
    secrets = {"SECRET_KEY": "secret-key-of-tests-of-words", "TWILIO_AUTH_TOKEN": "tests-auth-token"}
    with create_app(load_settings({"PUBLIC_URL": LONGEST_URL, **secrets})).app_context():
        yield Words(LONGEST_URL)


def _named(longest: int) -> st.SearchStrategy[str]:
    """A name as forms and the API take it: trimmed, not empty, any script, no control characters."""
    any_of = st.one_of(
        st.characters(exclude_categories=("Cc", "Cs")),
        st.sampled_from("Ww éáñÑçõ'-,.&|^{}[]~\\€`“”—…Đễ山中Ω😀🏡"),
    )
    return st.text(any_of, min_size=1, max_size=longest).filter(lambda name: name.strip() == name)


def _first(name: str) -> str:
    return name.split(maxsplit=1)[0]


PRICES = st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)).map(sorted)
ZIPS = st.sampled_from(["78704", "78704-1234", "V6B 1A1", "K1A0B6"])
BRANDS = st.one_of(_named(80), st.sampled_from([LONGEST_BRAND, "W" * 80, "€" * 80, "Dibs", "😀"]))


@st.composite
def casts(draw: st.DrawFn) -> Players:
    """Anybody, anywhere, at any price."""
    low, high = draw(PRICES)
    kind = draw(st.sampled_from(ReferralKind))
    return Players(
        agent_first_name=_first(draw(_named(80))),
        winner_first_name=_first(draw(_named(80))),
        client=SampleClient(draw(_named(120)), "+15125557001", "maria@mail.example"),
        need=Need(kind, draw(_named(80)), "TX", draw(ZIPS), low, high),
        notes=draw(_named(80)),
        letter=draw(st.sampled_from([None, "A", "Z"])),
        behind_seconds=draw(st.sampled_from([0, 1, 1799])),
        outcomes=(),
    )


__all__ = ["BEFORE_THE_CLAIM", "BRANDS", "LONGEST", "LONGEST_BRAND", "Words", "by", "casts"]
