"""The rows from which it follows what may have been sent: offers, claims, calls, changes of number, and the like.

Of the outbox only three things are read, since they are kept nowhere else: how often a message was attempted, and
that an agent asked for a test. What it says was sent, to whom and how that ended is what is to be checked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from app.numbers.rules import AGAIN_AFTER

Row = dict[str, Any]
TABLES = (
    "account", "agent", "agent_channel", "booking", "call", "claim", "client", "client_call", "client_reply",
    "client_response", "deal_event", "gate_answer", "handover", "inbound_text", "invitation", "join_request", "note",
    "number_change", "offer", "push_subscription", "referral", "routing_rules", "sign_in_link", "transfer", "voicemail",
    "webhook_delivery", "webhook_endpoint",
)  # fmt: skip
ON_THE_WAY = timedelta(seconds=5)
"""Between the last look whether something is still wanted and its arrival, on a busy machine."""
OUTBOX = "SELECT id, account_id, push_subscription_id, kind, channel, attempts FROM notification"


def _query() -> str:
    sources = {name: f"SELECT * FROM {name}" for name in TABLES} | {"notification": OUTBOX}
    lists = (
        f"'{name}', (SELECT coalesce(json_agg(r ORDER BY r.id), '[]') FROM ({query}) r)"
        if name != "agent_channel"  # it has no id of its own
        else f"'{name}', (SELECT coalesce(json_agg(r), '[]') FROM ({query}) r)"
        for name, query in sources.items()
    )
    return f"SELECT json_build_object({', '.join(lists)})"


QUERY = _query()


@dataclass(frozen=True)
class Clock:
    """Tests put the rows back to let time pass; what the sandbox saw before that is put back as far."""

    moved: Sequence[tuple[datetime, timedelta]] = ()

    def at(self, seen: str) -> datetime:
        """When it was by the clock of the rows."""
        moment = datetime.fromisoformat(seen)
        return moment - sum((by for when, by in self.moved if when > moment), timedelta())


def moment(value: str | None) -> datetime | None:
    """A moment of a row."""
    return datetime.fromisoformat(value) if value is not None else None


def times_asked(change: Row, last_time: str) -> int:
    """How often a code can have been asked for, when `last_time` is the column with the last: AGAIN_AFTER apart."""
    first, last = moment(change["created_at"]), moment(change[last_time])
    if first is None or last is None:
        return 0
    return 1 + (last - first) // AGAIN_AFTER


class Facts:
    """All rows of one test. `earlier` are phones and addresses of agents, by id, that the network has posted."""

    def __init__(self, tables: Mapping[str, list[Row]], earlier: Mapping[str, Iterable[str]], clock: Clock) -> None:
        self._tables, self._earlier, self.clock = tables, earlier, clock
        self._by_id = {name: {row["id"]: row for row in rows if "id" in row} for name, rows in tables.items()}

    def all(self, table: str, **values: object) -> list[Row]:
        """The rows that have these values, oldest first."""
        return [row for row in self._tables[table] if all(row[name] == value for name, value in values.items())]

    def one(self, table: str, row_id: str) -> Row:
        return self._by_id[table][row_id]

    def agent_of(self, account_id: str) -> Row | None:
        return next(iter(self.all("agent", account_id=account_id)), None)

    def phones(self, agent: Row) -> frozenset[str]:
        """The agent's own, now and before."""
        own = {agent["phone"], *(one for one in self._posted(agent) if "@" not in one)}
        for change in self.all("number_change", agent_id=agent["id"]):
            own |= {change["old_phone"]} | ({change["new_phone"]} if change["confirmed_at"] else set())
        return frozenset(own)

    def addresses(self, account_id: str) -> frozenset[str]:
        """The mailbox of an account, now and before."""
        agent = self.agent_of(account_id)
        posted = self._posted(agent) if agent is not None else ()
        return frozenset({self.one("account", account_id)["email"], *(one for one in posted if "@" in one)})

    def browsers(self, account_id: str) -> list[Row]:
        return self.all("push_subscription", account_id=account_id)

    def attempts(self, notification_id: str) -> int:
        """How often this message was tried; 1 for one that nobody knows."""
        row = self._by_id["notification"].get(notification_id)
        return max(1, row["attempts"]) if row is not None else 1

    def who(self, address: str) -> str:
        """The address, and whose it is."""
        for agent in self._tables["agent"]:
            if address in self.phones(agent) | self.addresses(agent["account_id"]):
                return f"{address} ({agent['name']})"
            if any(browser["endpoint"] == address for browser in self.browsers(agent["account_id"])):
                return f"a browser of {agent['name']}"
        return f"{address} (the client {name})" if (name := self._client(address)) else address

    def _client(self, phone: str) -> str | None:
        return next((row["name"] for row in self._tables["client"] if row["phone"] == phone), None)

    def _posted(self, agent: Row) -> Iterable[str]:
        return self._earlier.get(agent["id"], ())


def read_facts(
    database_url: str, *, earlier: Mapping[str, Iterable[str]], moved: Sequence[tuple[datetime, timedelta]]
) -> Facts:
    """One query. Read after the sandbox: whatever that has seen had its rows before."""
    with psycopg.connect(database_url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        row = connection.execute(QUERY.encode()).fetchone()
    assert row is not None
    return Facts(row[0], earlier, Clock(moved))
