"""What the sandbox saw of our messages: who got which words, and what those words are."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.config import load_settings
from app.core.tokens import Purpose, TokenSigner
from app.providers.fate import Fate
from app.providers.twilio.codes import carrier_code
from tests.support.ledger.facts import Facts
from tests.support.ledger.kinds import Kind, Way, kind_of

SIGNER = TokenSigner(load_settings({}).secret_keys)


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
        kind = kind_of(Way.TEXT, text["body"]) if way is Way.TEXT else None
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
            yield Sent(Way.MAIL, to, kind_of(Way.MAIL, words), words, facts.clock.at(mail["received"]))


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
