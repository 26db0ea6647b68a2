"""Texts to our number, and what was kept of them."""

from dataclasses import dataclass
from itertools import count
from uuid import UUID

import requests

from tests.support.carrier.hooks import Hooks
from tests.support.phone.phone import Phone
from tests.support.world.database import Database
from tests.support.world.waiting import eventually

OURS = "+15125550101"
_sids = count(1)


@dataclass(frozen=True)
class Kept:
    """A text as its row has it."""

    phone: str
    body: str
    meaning: str
    answer: str | None
    agent_id: UUID | None
    offer_id: UUID | None


class Texts:
    """What came in."""

    def __init__(self, database: Database, hooks: Hooks) -> None:
        self._database, self._hooks = database, hooks

    def kept(self) -> list[Kept]:
        """All of them, oldest first."""
        query = "SELECT phone, body, meaning, answer, agent_id, offer_id FROM inbound_text ORDER BY id"
        return [Kept(*row) for row in self._database.rows(query)]

    def sent(self, phone: Phone, body: str) -> Kept:
        """Somebody writes, and it is read."""
        before = len(self.kept())
        phone.writes(body)
        return eventually(lambda: self.kept()[before:], f"{body!r} is kept")[0]

    def brought(self, phone: Phone, body: str, *, sid: str = "", **other: str) -> requests.Response:
        """The carrier brings a text, as it would; `sid` to bring one again."""
        form = {"MessageSid": sid or new_sid(), "From": phone.number, "To": OURS, "Body": body, "NumMedia": "0"}
        return self._hooks.post("sms", **{**form, **other})


def new_sid() -> str:
    """What the carrier calls one text."""
    return f"SM{next(_sids):032x}"
