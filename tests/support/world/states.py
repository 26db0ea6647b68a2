"""Rows of one offer in each state that the claim page has a face for, as if the story up to there had happened."""

from dataclasses import dataclass
from typing import Any

import psycopg

from tests.support.world.network import Network
from tests.support.world.product import Product

CALL = """
    INSERT INTO call (id, offer_id, agent_id, direction, attempt, phone, status, reason, sid, requested_at, dialing_at,
                      ring_deadline_at, answered_at, accepted_at, picked_up_at, heard, reached, connected_at, ended_at)
    SELECT uuidv7(), o.id, o.agent_id, 'outbound', %(attempt)s::int, a.phone, %(status)s::text, %(reason)s::text,
           'CA' || replace(gen_random_uuid()::text, '-', ''), now(), now(), now() + interval '20 seconds', now(), now(),
           CASE WHEN %(reached)s::text IS NOT NULL THEN now() - interval '42 seconds' END, %(reached)s, %(reached)s,
           CASE WHEN %(reached)s::text = 'person' THEN now() - interval '42 seconds' END,
           CASE WHEN %(over)s::bool THEN now() END
      FROM offer o JOIN agent a ON a.id = o.agent_id WHERE o.referral_id = %(referral)s::uuid ORDER BY o.id LIMIT 1
"""
PIN = "INSERT INTO pin (id, offer_id, digits, created_at) SELECT uuidv7(), id, '482915', now() FROM offer"
END = "UPDATE offer SET status = %(status)s, ended_at = now()"
CLAIMED = """
    UPDATE offer SET status = 'claimed', ended_at = now();
    UPDATE referral SET status = 'claimed', claimed_at = now();
    INSERT INTO claim (id, referral_id, offer_id, agent_id, via, at)
    SELECT uuidv7(), referral_id, id, agent_id, 'key', now() FROM offer;
"""
DECLINING = "UPDATE offer SET decline_at = now() + interval '9 seconds', decline_reason = 'too_busy'"
LIVE = frozenset({"requested", "dialing", "ringing", "answered", "canceling", "accepted", "connected"})
STATES: dict[str, str] = {
    "offered": "Seller in Austin, 78704",
    "calling": "Calling you.",
    "ringing": "Your phone is ringing.",
    "answered": "You're on the line.",
    "stopping": "Hanging up.",
    "missed": "We couldn't reach you.",
    "pin": "Call us instead.",
    "connecting": "It's yours. Connecting you to Maria.",
    "picked_up": "It's Maria's voicemail.",
    "connected": "You're talking to Maria.",
    "client_missed": "Maria is yours, and didn't pick up.",
    "quiet": "It's yours. Call Maria",
    "claimed": "Claimed at",
    "lost": "Priya was first, by 4 seconds.",
    "declining": "You're declining this referral.",
    "declined": "This referral has moved on.",
    "expired": "This referral has moved on.",
    "withdrawn": "This referral has moved on.",
}
"""Each face of the page, and how its headline begins."""


@dataclass
class Stage:
    """One agent's offer, and what can be made of it."""

    link: str
    referral_id: str
    connection: psycopg.Connection[Any]

    def becomes(self, state: str) -> None:
        """Puts the rows into `state`, from `offered`."""
        getattr(self, f"_{state}")()

    def _do(self, sql: str, **values: object) -> None:
        for statement in filter(str.strip, sql.split(";")):
            self.connection.execute(statement.encode(), values or None)

    def _call(self, status: str, *, attempt: int = 1, reason: str | None = None, reached: str | None = None) -> None:
        values = {"status": status, "attempt": attempt, "reason": reason, "reached": reached}
        self._do(CALL, referral=self.referral_id, over=status not in LIVE, **values)

    def _offered(self) -> None:
        pass

    def _calling(self) -> None:
        self._call("dialing")

    def _ringing(self) -> None:
        self._call("ringing")

    def _answered(self) -> None:
        self._call("answered")

    def _stopping(self) -> None:
        self._call("canceling", reason="stopped")

    def _missed(self) -> None:
        self._call("no_answer")

    def _pin(self) -> None:
        self._do(PIN)
        self._call("no_answer")
        self._call("hung_up", attempt=2)

    def _won(self, status: str, *, reason: str | None = None, reached: str | None = None) -> None:
        with self.connection.transaction():
            self._do(CLAIMED)
            self._call(status, reason=reason, reached=reached)

    def _connecting(self) -> None:
        self._won("accepted")

    def _picked_up(self) -> None:
        self._won("accepted", reached="voicemail")

    def _connected(self) -> None:
        self._won("connected", reached="person")

    def _client_missed(self) -> None:
        self._won("client_missed")

    def _quiet(self) -> None:
        self._won("completed", reason="quiet")
        # in Austin, where Maria lives
        self._do("UPDATE referral SET claimed_at = date_trunc('day', now() AT TIME ZONE 'America/Chicago')"
                 " AT TIME ZONE 'America/Chicago' + interval '22 hours 14 minutes'")  # fmt: skip

    def _claimed(self) -> None:
        self._won("completed", reached="person")

    def _lost(self) -> None:
        with self.connection.transaction():
            self._do("UPDATE offer SET status = 'lost', ended_at = now()")
            self._do("UPDATE referral SET status = 'claimed', claimed_at = now()")
            self._do("INSERT INTO claim (id, referral_id, offer_id, agent_id, via, at)"
                     " SELECT uuidv7(), o.referral_id, o.id, a.id, 'key', now() FROM offer o, agent a"
                     " WHERE a.name LIKE 'Priya%'")  # fmt: skip
            self._do("INSERT INTO late_claim (id, offer_id, at, behind_ms)"
                     " SELECT uuidv7(), id, now(), 4000 FROM offer")  # fmt: skip

    def _declining(self) -> None:
        self._do(DECLINING)

    def _declined(self) -> None:
        with self.connection.transaction():
            self._do(DECLINING)
            self._do(END, status="declined")

    def _expired(self) -> None:
        self._do(END, status="expired")

    def _withdrawn(self) -> None:
        self._do(END, status="withdrawn")


def stage(network: Network, product: Product) -> Stage:
    """An offer to Sam, whose teammate Priya is after nothing yet."""
    team_id = network.add_team()
    network.add_agent("Priya Raman", team_id)
    sam = network.add_agent("Sam Ortiz", team_id)
    referral = network.refer(agent_id=sam.id)
    link = sam.phone.gets_text().link
    url = product.env["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    return Stage(link, referral["id"], psycopg.connect(url, autocommit=True))
