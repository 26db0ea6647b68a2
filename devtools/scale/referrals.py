"""Referrals with everything that belongs to them, as the product leaves them behind.

A referral has four offers, eight messages and 1.3 calls; seven in ten were claimed. What ages out is there only as long
as the product keeps it (app/workers/retention.py).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from devtools.scale.people import FIRST, IDLE_DAYS, LAST, Agent, People, Team
from devtools.scale.rows import DAY, MINUTE, Rows

PLACES = (
    ("Austin", "TX", "78704", "America/Chicago"), ("Denver", "CO", "80202", "America/Denver"),
    ("Seattle", "WA", "98101", "America/Los_Angeles"), ("Boston", "MA", "02108", "America/New_York"),
    ("Miami", "FL", "33101", "America/New_York"), ("Phoenix", "AZ", "85001", "America/Phoenix"),
    ("Chicago", "IL", "60601", "America/Chicago"), ("Portland", "OR", "97201", "America/Los_Angeles"),
)  # fmt: skip
NOTES = (None, None, None, "Prefers mornings.", "Relocating for work, in by the end of the summer; two dogs.")
EVENTS_KEPT, ANSWERS_KEPT = 90 * DAY, 7 * DAY
OFFERED_FOR = 30 * MINUTE
SHARES = {
    "claimed": 0.7, "to one agent": 0.2, "declined": 0.2, "missed": 0.24, "missed before": 0.3, "by text": 0.5,
    "by push": 0.06, "late press": 0.05, "answered by text": 0.0125,
}  # fmt: skip
"""Probabilities."""
OPEN_FOR = 3 * DAY
"""Long enough for open offers to outlast the run."""


@dataclass(frozen=True)
class Offer:
    """An offer that was written."""

    id: str
    agent: Agent
    status: str


class Referrals:
    """Writes referrals into `rows`, as they look at `now`."""

    def __init__(self, rows: Rows, people: People, now: int) -> None:
        self._rows, self._people, self._now = rows, people, now
        busy = tuple(team for team in people.teams if not team.idle)
        self._teams, self._busy = (people.teams, _weights(people.teams)), (busy, _weights(busy))

    def add(self, at: int, *, to: Agent | None = None, is_open: bool = False) -> None:
        """One referral, to a given agent, who then claims it, or to a random team or agent."""
        rows, dice = self._rows, self._rows.dice
        team, agents = (None, [to]) if to is not None else self._whom(at)
        claimed_at = None
        if not is_open and (to is not None or self._happens("claimed")):
            claimed_at = at + dice.randrange(20_000, 25 * MINUTE)
        client_id, referral_id = rows.id(at), rows.id(at)
        self._referral(client_id, referral_id, at, team=team, agent=agents[0], claimed_at=claimed_at)
        winner = dice.randrange(len(agents)) if claimed_at is not None else None
        offers = [
            self._offer(referral_id, agent, at, claimed_at=claimed_at, wins=place == winner, is_open=is_open)
            for place, agent in enumerate(agents)
        ]
        if claimed_at is not None and winner is not None:
            self._claimed(referral_id, client_id, offers[winner], claimed_at)
        else:
            for offer in offers:
                if not is_open and self._happens("missed"):
                    self._call(offer, at + dice.randrange(10_000, 10 * MINUTE), attempt=1, won=False)
            if not is_open:
                self._message(self._people.admin_account_ids[0], at + OFFERED_FOR, "no_agent", "email",
                              referral_id=referral_id)  # fmt: skip

    def _whom(self, at: int) -> tuple[Team | None, list[Agent]]:
        dice = self._rows.dice
        teams, weights = self._teams if at < self._now - IDLE_DAYS * DAY else self._busy
        team = dice.choices(teams, cum_weights=weights)[0]
        return (None, [dice.choice(team.members)]) if self._happens("to one agent") else (team, list(team.members))

    def _referral(
        self, client_id: str, referral_id: str, at: int, *, team: Team | None, agent: Agent, claimed_at: int | None
    ) -> None:
        rows, dice = self._rows, self._rows.dice
        name = f"{dice.choice(FIRST)} {dice.choice(LAST)}"
        phone = f"+1713{dice.randrange(2_000_000, 9_999_999)}"
        email = f"{name.replace(' ', '.').lower()}{dice.randrange(10**6)}@mail.example"
        price, kind, since = dice.randrange(150, 1500) * 1000, dice.choice(("buyer", "seller")), rows.moment(at)
        rows.add("client", client_id, name, phone, email, since)
        rows.add("referral", referral_id, client_id, team.id if team else None, None if team else agent.id, kind,
                 "open" if claimed_at is None else "claimed", *dice.choice(PLACES), price, price * 21 // 20,
                 dice.choice(NOTES), None if claimed_at is None else rows.moment(claimed_at), since)  # fmt: skip
        if at > self._now - ANSWERS_KEPT:
            body = json.dumps({"id": referral_id, "client": {"name": name, "phone": phone, "email": email}})
            rows.add("idempotent_answer", self._people.api_key_id, f"crm-{rows.hex(16)}", f"\\\\x{rows.hex(64)}", 201,
                     body, since)  # fmt: skip

    def _offer(
        self, referral_id: str, agent: Agent, at: int, *, claimed_at: int | None, wins: bool, is_open: bool
    ) -> Offer:
        rows, dice = self._rows, self._rows.dice
        id_, until = rows.id(at), self._now + OPEN_FOR if is_open else at + OFFERED_FOR
        status, ended, declined = "sent", None, None
        if wins:
            status, ended = "claimed", claimed_at
        elif not is_open and self._happens("declined"):
            declined = ended = min(at + dice.randrange(15_000, 15 * MINUTE), claimed_at or until)
            status = "declined"
        elif not is_open:
            status, ended = ("lost", claimed_at) if claimed_at is not None else ("expired", until)
        rows.add("offer", id_, referral_id, agent.id, 1, status, rows.moment(until), self._maybe(ended),
                 self._maybe(declined), None if declined is None else dice.choice(("too_far", "price", "by_key")),
                 dice.choice("AAAAABBC"), rows.moment(at))  # fmt: skip
        self._message(agent.account_id, at, "offer", "email", offer_id=id_, until=until)
        if self._happens("by text"):
            self._message(agent.account_id, at, "offer", "sms", offer_id=id_, until=until, to=agent.phone)
        if self._happens("by push") and agent.subscription_id is not None:
            self._message(agent.account_id, at, "offer", "push", offer_id=id_, until=until,
                          subscription_id=agent.subscription_id)  # fmt: skip
        if status == "lost" and claimed_at is not None:
            self._message(agent.account_id, claimed_at, "lost", "email", offer_id=id_)
            if self._happens("late press"):
                rows.add("late_claim", rows.id(claimed_at + 4000), id_, rows.moment(claimed_at + 4000), 4000)
        if self._happens("answered by text"):
            rows.add("inbound_text", rows.id(at + 9000), f"SM{rows.hex(32)}", agent.phone, agent.id, id_, "1", "call",
                     None, rows.moment(at + 9000), False)  # fmt: skip
        return Offer(id_, agent, status)

    def _message(
        self,
        account_id: str,
        at: int,
        kind: str,
        channel: str,
        *,
        offer_id: str | None = None,
        referral_id: str | None = None,
        subscription_id: str | None = None,
        until: int | None = None,
        to: str | None = None,
    ) -> None:
        rows = self._rows
        id_, sent = rows.id(at), at + rows.dice.randrange(40, 2500)
        text = channel == "sms"
        sid = f"SM{rows.hex(32)}" if text else f"<{id_}@dibs.example>" if channel == "email" else None
        rows.add("notification", id_, account_id, offer_id, referral_id, subscription_id, kind, channel,
                 "delivered" if text else "sent", 1, rows.moment(at), self._maybe(until), rows.moment(sent - 30),
                 rows.moment(sent), rows.moment(sent + 3000) if text else None, to, rows.hex(64) if text else None, sid,
                 rows.moment(at))  # fmt: skip
        if text and sent > self._now - EVENTS_KEPT:
            for status, later in (("sent", 700), ("delivered", 3000)):
                rows.add("receipt", rows.id(sent + later), id_, sid, status, rows.moment(sent + later))

    def _claimed(self, referral_id: str, client_id: str, offer: Offer, at: int) -> None:
        rows, agent = self._rows, offer.agent
        attempt = 1
        while self._happens("missed before"):
            self._call(offer, at - attempt * MINUTE, attempt=attempt, won=False)
            attempt += 1
        self._call(offer, at - 15_000, attempt=attempt, won=True)
        rows.add("claim", rows.id(at), referral_id, offer.id, agent.id, "key", rows.moment(at))
        self._message(agent.account_id, at + 200_000, "details", "email", offer_id=offer.id)
        for where in ("email", "portal"):
            rows.add("client_view", rows.id(at + 300_000), client_id, referral_id, agent.account_id, where,
                     rows.moment(at + 300_000))  # fmt: skip

    def _call(self, offer: Offer, at: int, *, attempt: int, won: bool) -> None:
        rows, dice = self._rows, self._rows.dice
        id_, sid = rows.id(at), f"CA{rows.hex(32)}"
        status = "completed" if won else dice.choice(("no_answer", "no_answer", "busy", "hung_up", "canceled"))
        picked_up = won or status == "hung_up"
        end = at + (200_000 if won else 22_000)
        rows.add("call", id_, offer.id, offer.agent.id, "outbound", attempt, offer.agent.phone, status, sid,
                 f"CA{rows.hex(32)}" if won else None, rows.moment(at), rows.moment(at + 200), rows.moment(at + 20_000),
                 rows.moment(at + 9000) if picked_up else None, rows.moment(at + 15_000) if won else None,
                 rows.moment(at + 25_000) if won else None, rows.moment(end))  # fmt: skip
        if at > self._now - EVENTS_KEPT:
            events = ("initiated", "ringing", "in-progress", "completed")
            for number, event in enumerate(events if picked_up else events[:2]):
                when = at + number * 4000
                rows.add("call_event", rows.id(when), id_, f"{sid} {event} {number}", event, '{"duration": null}',
                         rows.moment(when))  # fmt: skip

    def _happens(self, what: str) -> bool:
        return self._rows.dice.random() < SHARES[what]

    def _maybe(self, at: int | None) -> str | None:
        return None if at is None else self._rows.moment(at)


def _weights(teams: Sequence[Team]) -> list[float]:
    return list(accumulate(team.weight for team in teams))
