"""What the sandbox saw of our messages: who got which words, and what those words are."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.config import load_settings
from app.core.tokens import Purpose, TokenSigner
from app.providers.fate import Fate
from app.providers.twilio.codes import carrier_code
from tests.support.ledger.facts import Facts

SIGNER = TokenSigner(load_settings({}).secret_keys)


class Way(StrEnum):
    """How something reaches somebody."""

    TEXT = "text"
    MAIL = "mail"
    PUSH = "push"
    ANSWER = "answer"
    """To a text that came in."""
    CALL = "call"


class Kind(StrEnum):
    """What a message is about, as its reader sees it."""

    OFFER = "offer"
    LOST = "lost"
    DETAILS = "details"
    SIGN_IN = "sign_in"
    NO_AGENT = "no_agent"
    NUMBER_CODE = "number_code"
    NUMBER_CONFIRM = "number_confirm"
    NUMBER_CHANGED = "number_changed"
    CLIENT_CALLED = "client_called"
    UNPLACED = "unplaced"
    CLAIMED_BY_PIN = "claimed_by_pin"
    CEILING = "ceiling"
    HELD = "held"
    PREPARED = "prepared"
    CLIENT_BOOKED = "client_booked"
    BOOKED_SOON = "booked_soon"
    CLIENT_ASKS = "client_asks"
    CLIENT_TEXTED = "client_texted"
    AGENT_REPLY = "agent_reply"
    CLIENT_VOICEMAIL = "client_voicemail"
    BAD_REFERRAL = "bad_referral"
    RELEASED = "released"
    FOLLOW_UP = "follow_up"
    HANDOVER_ASKED = "handover_asked"
    HANDOVER_ANSWERED = "handover_answered"
    WELCOME = "welcome"
    TEST = "test"


TEXTS = {
    Kind.OFFER: r"Reply 1[A-Z]? for a call, 2[A-Z]? to decline",
    Kind.LOST: r"was first(, by \d+ seconds?)?: ",
    Kind.CLIENT_CALLED: r"called you back and didn't get through",
    Kind.UNPLACED: r"We couldn't call you: ",
    Kind.CLAIMED_BY_PIN: r"claimed by PIN, ",
    Kind.NUMBER_CODE: r"^\d{6} is your .*code\.",
    Kind.SIGN_IN: r"^\d{3} \d{3} is your .* sign-in code\.",
    Kind.NUMBER_CHANGED: r"the phone ending \d{4}.* Undo: ",
    Kind.PREPARED: r"Call now or pick a time: |Elija la hora: ",
    Kind.CLIENT_BOOKED: r"in ten minutes, from|en diez minutos desde",
    Kind.BOOKED_SOON: r"We ring you and .* at ",
    Kind.CLIENT_ASKS: r"asked for (a call|no calls)|would rather text|number is someone else's",
    Kind.CLIENT_TEXTED: r"texted you\. Read it",
    Kind.AGENT_REPLY: r"^\w+: .*suits me",
    Kind.CLIENT_VOICEMAIL: r"left you a message\. Listen",
    Kind.HANDOVER_ASKED: r" hands you a client: ",
    Kind.HANDOVER_ANSWERED: r"(has taken over|can't take over) .*\. http",
    Kind.WELCOME: r"we text you referrals as they come",
    Kind.TEST: r"^Texts from .* reach you\.",
}
MAILS = {
    Kind.OFFER: r'tap "Call me"\. We ring you',
    Kind.LOST: r"was first.*\n.* is with your team\.",
    Kind.DETAILS: r"Everything in your portal",
    Kind.SIGN_IN: r"sign in to .* with this link",
    Kind.NO_AGENT: r"is open, and no offer stands any more",
    Kind.NUMBER_CONFIRM: r"Make it your number for all referrals",
    Kind.CLIENT_CALLED: r"called you back at",
    Kind.CLAIMED_BY_PIN: r"was claimed for you with the PIN",
    Kind.HELD: r"The same client's same need came on",
    Kind.PREPARED: r"so that you know who it is\.|para saber quién llama\.",
    Kind.CLIENT_BOOKED: r"Another time, or no call:|Otra hora, o ninguna llamada:",
    Kind.BOOKED_SOON: r"Move it or drop it:",
    Kind.CLIENT_ASKS: r"asked for (a call|no calls)|would rather text|number is someone else's",
    Kind.CLIENT_TEXTED: r"texted you\. Read it",
    Kind.CLIENT_VOICEMAIL: r"left you a message\. Listen",
    Kind.BAD_REFERRAL: r" reports the referral ",
    Kind.RELEASED: r" has given back ",
    Kind.FOLLOW_UP: r"you two haven't talked yet",
    Kind.HANDOVER_ASKED: r"would like you to take over a client",
    Kind.HANDOVER_ANSWERED: r"and is their agent from now on|They stay with you",
    Kind.CEILING: r"A ceiling has been reached",
    Kind.TEST: r"this is the test you asked for",
}
"""By what a reader tells one kind of message from another."""
MESSAGE_ID = re.compile(r"<([0-9a-f-]{36})@")
ARRIVED = re.compile(r"/a/([\w-]+)")


@dataclass(frozen=True)
class Sent:
    """One message to one address, at a moment by the clock of the rows. `kind` is None for words we do not have."""

    way: Way
    to: str
    kind: Kind | None
    words: str
    at: datetime
    may_come_again: bool = False
    """The carrier says that it did not arrive, and that it may if tried again."""


def link(purpose: Purpose, row_id: str) -> str:
    """The token of the link to this row."""
    return SIGNER.sign(purpose, UUID(row_id))


def messages_in(state: dict[str, Any], facts: Facts) -> list[Sent]:
    """All of them, by each way in the order in which they came."""
    return [*_texts(state, facts), *_mails(state, facts), *_pushes(state, facts)]


def _texts(state: dict[str, Any], facts: Facts) -> Iterator[Sent]:
    for text in state["messages"]:
        if text["direction"] == "inbound" or text["by_carrier"]:
            continue
        way = Way.ANSWER if text["direction"] == "outbound-reply" else Way.TEXT
        kind = _kind(TEXTS, text["body"]) if way is Way.TEXT else None
        code = text["error_code"]
        again = code is not None and carrier_code(str(code)).fate is Fate.RETRYABLE
        yield Sent(way, text["to"], kind, text["body"], facts.clock.at(text["created"]), again)


def _mails(state: dict[str, Any], facts: Facts) -> Iterator[Sent]:
    copies: Counter[tuple[str, str]] = Counter()
    for mail in state["mails"]:
        message_id = dict(mail["headers"]).get("Message-ID", "")
        found = MESSAGE_ID.match(message_id)
        for to in mail["to"]:
            copies[message_id, to] += 1
            if found and 1 < copies[message_id, to] <= facts.attempts(found[1]):
                continue  # tried again, since nobody knew whether it had been taken: the reader's program folds the two
            words = f"{mail['subject']}\n{mail['text']}"
            yield Sent(Way.MAIL, to, _kind(MAILS, words), words, facts.clock.at(mail["received"]))


def _pushes(state: dict[str, Any], facts: Facts) -> Iterator[Sent]:
    endpoints = {browser["id"]: browser["subscription"]["endpoint"] for browser in state["browsers"]}
    copies: Counter[tuple[str, str]] = Counter()
    for push in state["pushes"]:
        payload = json.loads(push["data"])
        to, arrived = endpoints[push["browser"]], ARRIVED.search(payload.get("arrived", ""))
        notification_id = SIGNER.verify(Purpose.ARRIVED, arrived[1]) if arrived else None
        copies[push["data"], to] += 1
        again = notification_id is not None and push["topic"] != ""
        if again and 1 < copies[push["data"], to] <= facts.attempts(str(notification_id)):
            continue  # the same, under a topic by which the second takes the place of the first
        kind = payload.get("kind")
        words = json.dumps(payload, ensure_ascii=False)
        yield Sent(Way.PUSH, to, Kind(kind) if kind in set(Kind) else None, words, facts.clock.at(push["received"]))


def _kind(patterns: dict[Kind, str], words: str) -> Kind | None:
    return next((kind for kind, pattern in patterns.items() if re.search(pattern, words)), None)
