"""Calls: which of the legs that the sandbox saw are explained by a row."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.support.ledger.facts import ON_THE_WAY, Facts, Row, moment, times_asked

DESK = "+15125550199"
"""The network's office, in tests that have one."""
A_MOMENT = timedelta(seconds=1)
"""By which the clocks of two processes may differ."""


@dataclass
class Legs:
    """Those of one test. Each row, and each call that was forwarded, explains one leg; `_used` remembers which."""

    facts: Facts
    calls: Sequence[Row]
    expected: list[str] = field(default_factory=list)
    """Phones that ring without a row, as a test has announced; one entry for each time."""
    _used: set[str] = field(default_factory=set)
    _spoken: Counter[str] = field(default_factory=Counter)

    def unexplained(self) -> list[str]:
        """A sentence for each leg that nothing explains. Calls that came in are somebody else's doing."""
        found = []
        for leg in sorted(self.calls, key=lambda leg: self._row_of(leg) is None):  # those whose row is known go first
            if leg["direction"] == "outbound-api":
                why = self._why_not_rung(leg)
            elif leg["direction"] == "outbound-dial":
                why = self._why_not_joined(leg)
            else:
                continue
            if why is not None and leg["phone"] not in self.expected:
                found.append(f"a call to {self.facts.who(leg['phone'])}: {why}")
            elif why is not None:
                self.expected.remove(leg["phone"])
        return found

    def _row_of(self, leg: Row) -> Row | None:
        return next(iter(self.facts.all("call", sid=leg["sid"])), None)

    def _why_not_rung(self, leg: Row) -> str | None:
        row = self._row_of(leg) or self._row_without_sid(leg)
        if row is None:
            if self._speaks(leg["phone"]) or self._is_on_the_line(leg):
                return None
            return "no row of a call is left that asks for it"
        self._used.add(row["id"])
        agent = self.facts.one("agent", row["agent_id"])
        if row["phone"] != leg["phone"] or leg["phone"] not in self._phones_for(row, agent):
            return f"the call was to {agent['name']}, whose phone this is not"
        return f"the offer to {agent['name']} was over by then" if self._is_late(leg, row) else None

    def _is_on_the_line(self, leg: Row) -> bool:
        """An adviser who asked to be rung, or a client whom the gate has let us ring for one."""
        clients = {one["id"]: self._client(one)["phone"] for one in self.facts.all("transfer")}
        for one in self.facts.all("transfer"):
            if f"{one['id']} {leg['phone']}" in self._used:
                continue
            asked = self.facts.all("gate_answer", referral_id=one["referral_id"], act="transfer", allowed=True)
            adviser = one["adviser_dialed_at"] and leg["phone"] == one["phone"]
            client = one["client_dialed_at"] and leg["phone"] == clients[one["id"]] and asked
            if adviser or client:
                self._used.add(f"{one['id']} {leg['phone']}")
                return True
        return False

    def _is_late(self, leg: Row, row: Row) -> bool:
        """The offer had ended without a claim."""
        offer = self.facts.one("offer", row["offer_id"])
        ended = moment(offer["ended_at"])
        return offer["status"] != "claimed" and ended is not None and self._at(leg) > ended + ON_THE_WAY

    def _row_without_sid(self, leg: Row) -> Row | None:
        """The carrier's answer got lost, or the call was over before it came."""
        return next(
            (
                row for row in self.facts.all("call", sid=None, phone=leg["phone"], direction="outbound")
                if row["dialing_at"] and row["id"] not in self._used
            ),
            None,
        )  # fmt: skip

    def _phones_for(self, row: Row, agent: Row) -> set[str]:
        proven = [c for c in self.facts.all("number_change", offer_id=row["offer_id"]) if c["proven_at"]]
        return {*self.facts.phones(agent), *(change["new_phone"] for change in proven)}

    def _speaks(self, phone: str) -> bool:
        """A code read out to a phone that is to be proven, or a test that its owner asked for: one leg each."""
        asked = {change["id"]: times_asked(change, "called_at") for change in self._proven_by(phone)}
        tests = self.facts.all("notification", kind="test", channel="voice")
        asked |= {test["id"]: 1 for test in tests if phone in self._phones_of(test["account_id"])}
        found = next((id_ for id_, times in asked.items() if self._spoken[id_] < times), None)
        if found is not None:
            self._spoken[found] += 1
        return found is not None

    def _proven_by(self, phone: str) -> list[Row]:
        return self.facts.all("number_change", new_phone=phone)

    def _phones_of(self, account_id: str) -> frozenset[str]:
        agent = self.facts.agent_of(account_id)
        return self.facts.phones(agent) if agent is not None else frozenset()

    def _why_not_joined(self, leg: Row) -> str | None:
        parent = next(call for call in self.calls if call["sid"] == leg["parent_sid"])
        row = self._row_of(parent)
        if row is None and parent["direction"] == "inbound":
            return self._why_not_forwarded(leg, parent)
        if parent["sid"] in self._used:
            return "whoever is on this call was connected before"
        self._used.add(parent["sid"])
        return self._why_no_bridge(leg, row) if row is not None else self._why_not_forwarded(leg, parent)

    def _why_no_bridge(self, leg: Row, row: Row) -> str | None:
        """To the client of a claim that stands, and to nobody else."""
        name = self.facts.one("agent", row["agent_id"])["name"]
        claim = next(iter(self.facts.all("claim", offer_id=row["offer_id"])), None)
        if claim is None or self._at(leg) < _moment(claim["at"]) - A_MOMENT:
            return f"{name}, who was connected, had not claimed"
        if leg["phone"] != self._client(claim)["phone"]:
            return f"{name}, who was connected, has claimed another client"
        if not self.facts.all("gate_answer", call_id=row["id"], way="call", allowed=True):
            return f"the gate has not let {name} call this client"
        if any(self._is_still_with(leg["phone"], before, leg) for before in self.calls[: self.calls.index(leg)]):
            return "another call was with this client's phone"
        return None

    def _is_still_with(self, phone: str, before: Row, leg: Row) -> bool:
        """Whether an earlier leg that we placed was with this phone when a later one began."""
        if (before["direction"], before["phone"]) != ("outbound-dial", phone):
            return False
        return before["ended"] is None or self.facts.clock.at(before["ended"]) > self._at(leg)

    def _why_not_forwarded(self, leg: Row, parent: Row) -> str | None:
        """A client who rings us reaches the agent who has claimed them, or their team; each phone rings once."""
        theirs = [claim for claim in self.facts.all("claim") if self._client(claim)["phone"] == parent["phone"]]
        agents = [self.facts.one("agent", claim["agent_id"]) for claim in theirs]
        teams = {agent["team_id"] for agent in agents} - {None}
        agents += [agent for agent in self.facts.all("agent") if agent["team_id"] in teams]
        once = f"{parent['sid']} {leg['phone']}"
        if once in self._used:
            return "this phone rang before in the same call"
        self._used.add(once)
        if leg["phone"] != DESK and not any(leg["phone"] in self.facts.phones(agent) for agent in agents):
            return f"{self.facts.who(parent['phone'])}, who was connected, is nobody's client there"
        return None

    def _at(self, leg: Row) -> datetime:
        return self.facts.clock.at(leg["created"])

    def _client(self, of: Row) -> Row:
        """Of a claim, or a live transfer."""
        return self.facts.one("client", self.facts.one("referral", of["referral_id"])["client_id"])


def missed_clients(facts: Facts, calls: Sequence[Row], client_phone: str) -> Iterator[datetime]:
    """When this client rang us, was to be connected, and was not."""
    for call in calls:
        if call["direction"] == "inbound" and call["phone"] == client_phone:
            forwarded = [leg for leg in calls if leg["parent_sid"] == call["sid"]]
            if forwarded and not any(_was_joined(leg) for leg in forwarded):
                yield facts.clock.at(call["created"])


def _was_joined(leg: Row) -> bool:
    return any(line["who"] == "call" for line in leg["transcript"])


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value)
