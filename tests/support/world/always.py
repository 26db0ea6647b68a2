"""What holds after every step, read from the rows, the pages and the carrier."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.calls.rules import ENDS, CallStatus
from app.calls.rules import TRANSITIONS as CALLS
from app.claims.phases import FINAL, Phase
from app.core.clock import now
from app.offers.rules import LONGEST_MENU, OfferStatus
from app.offers.rules import TRANSITIONS as OFFERS
from tests.support.carrier.true_call import ON_THE_PHONE
from tests.support.world.in_process import InProcess

S = CallStatus
RANK = {s: n for n, s in enumerate((S.REQUESTED, S.DIALING, S.RINGING, S.ANSWERED, S.ACCEPTED, S.CONNECTED))}
WAY = re.compile(r'action="/o/[^"]+/(?:call|stop|undo)"|href="tel:|href="/referrals|href="/o/[^"]+/portal"')
TALKING = {Phase.CONNECTING, Phase.PICKED_UP, Phase.CONNECTED, Phase.QUIET}
CALLS_NOW = """
SELECT c.*, o.referral_id FROM call c JOIN offer o ON o.id = c.offer_id ORDER BY c.id
"""
UNCHANGED_FOR = timedelta(seconds=1)
"""For so long a page whose rows are the same is not opened again."""
Row = dict[str, Any]


@dataclass
class Always:
    """Remembers the rows of the step before."""

    product: InProcess
    offers: dict[UUID, Row] = field(default_factory=dict)
    calls: dict[UUID, Row] = field(default_factory=dict)
    _furthest: dict[UUID, int] = field(default_factory=dict)
    _shown: dict[UUID, tuple[list[Row], datetime]] = field(default_factory=dict)

    def look(self) -> None:
        """Reads everything anew, and checks it against the step before."""
        offers = {row["id"]: row for row in self.product.rows("SELECT * FROM offer ORDER BY id")}
        calls = {row["id"]: row for row in self.product.rows(CALLS_NOW)}
        for old, new in _both(self.offers, offers):
            _no_step_back(old, new, OFFERS[OfferStatus(old["status"])])
        for old, new in _both(self.calls, calls):
            _no_step_back(old, new, _reachable(CallStatus(old["status"])))
            self._not_nearer_to_the_start(old, new)
        self.offers, self.calls = offers, calls
        self._one_claim()
        self._one_call_per_agent()
        self._one_call_per_client()
        for offer in offers.values():
            self._page_if_it_may_have_changed(offer)

    def _page_if_it_may_have_changed(self, offer: Row) -> None:
        rows = [offer, *(call for call in self.calls.values() if call["offer_id"] == offer["id"])]
        before, at = self._shown.get(offer["id"], ([], now()))
        if rows != before or now() - at > UNCHANGED_FOR:
            self._shown[offer["id"]] = (rows, now())
            self.page(offer)

    def page(self, offer: Row) -> Phase:
        """The page of an offer is there, keeps the client's secrets, and shows a way forward."""
        answer = self.product.opens(offer["id"], "/panel")
        assert answer.status == 200
        for secret in ("Delgado", "maria@", "555-7001", "5557001"):
            assert secret not in answer.body
        shown = re.search(r'data-phase="(\w+)"', answer.body)
        assert shown is not None
        phase = Phase(shown[1])
        if phase is Phase.ANSWERED:
            until = [c["ring_deadline_at"] for c in self.calls.values() if c["offer_id"] == offer["id"]]
            if offer["expires_at"] <= now():  # whoever is in the menu may finish
                until.append(offer["expires_at"] + LONGEST_MENU)
            assert now() < max(until) <= now() + LONGEST_MENU
        else:
            assert WAY.search(answer.body), f"no way forward: {phase}"
        assert phase is not Phase.PIN or 'class="pin"' in answer.body, "a PIN page without a PIN"
        states = {c["status"] for c in self.calls.values() if c["offer_id"] == offer["id"]}
        assert not states & {S.ACCEPTED, S.CONNECTED} or phase in TALKING, f"claimed on the phone, and shows {phase}"
        return phase

    def _not_nearer_to_the_start(self, old: Row, new: Row) -> None:
        """Canceling is beside the way; what was on the phone before is not picked up a second time."""
        was, now_ = CallStatus(old["status"]), CallStatus(new["status"])
        self._furthest[old["id"]] = max(self._furthest.get(old["id"], 0), RANK.get(was, 0))
        if now_ in RANK:
            assert RANK[now_] >= self._furthest[old["id"]], f"{was} -> {now_}"
        if was is S.CANCELING and old["answered_at"] is not None:
            assert now_ is not S.ANSWERED, "canceled in the menu, and answered once more"

    def _one_claim(self) -> None:
        standing = self.product.rows("SELECT referral_id, offer_id FROM claim WHERE ended_at IS NULL")
        claimed = [(o["referral_id"], o["id"]) for o in self.offers.values() if o["status"] == "claimed"]
        assert sorted((c["referral_id"], c["offer_id"]) for c in standing) == sorted(claimed)
        assert len({referral for referral, _ in claimed}) == len(claimed)
        open_ = {row["id"] for row in self.product.rows("SELECT id FROM referral WHERE status = 'open'")}
        assert not open_ & {referral for referral, _ in claimed}
        for offer in self.offers.values():
            won = offer["referral_id"] in dict(claimed)
            assert not (won and offer["status"] == "sent"), "open, though somebody has it"

    def _one_call_per_agent(self) -> None:
        live = [
            c["agent_id"] for c in self.calls.values()
            if c["ended_at"] is None and c["status"] != S.CANCELING and c["direction"] == "outbound"
        ]  # fmt: skip
        assert len(live) == len(set(live))
        for phone in {call.phone for call in self.product.carrier.calls}:
            on_it = self.product.carrier.on_phone(phone)
            assert len(on_it) <= 1, f"two calls on one phone: {[c.sid[-4:] for c in on_it]}"

    def _one_call_per_client(self) -> None:
        """All clients here have one phone."""
        sids = {call["sid"] for call in self.calls.values() if call["client_phone"] is not None}
        on_it = [c for c in self.product.carrier.calls if c.sid in sids and c.client in ON_THE_PHONE]
        assert len(on_it) <= 1, f"two calls with one client: {[c.sid[-4:] for c in on_it]}"


def dials_nobody_it_should_not(product: InProcess, body: str) -> None:
    """Only who has the referral is connected to the client, and only if the gate has let them."""
    dialed = re.search(r"<Dial.*/calls/([^/]+)/client", body)
    if dialed is not None:
        status = product.rows(
            "SELECT o.status FROM call c JOIN offer o ON o.id = c.offer_id WHERE c.id = %s", UUID(dialed[1])
        )[0]["status"]
        assert status == "claimed", f"connected, though {status}"
        said = product.rows("SELECT allowed FROM gate_answer WHERE call_id = %s", UUID(dialed[1]))
        assert [answer["allowed"] for answer in said] == [True], f"connected, though the gate said {said}"


def _both(before: dict[UUID, Row], after: dict[UUID, Row]) -> list[tuple[Row, Row]]:
    return [(old, after[id_]) for id_, old in before.items()]


def _no_step_back(old: Row, new: Row, allowed: frozenset[Any]) -> None:
    changed = old["status"] != new["status"]
    assert not changed or new["status"] in allowed, f"{old['status']} -> {new['status']}"
    assert old["ended_at"] in (None, new["ended_at"])


def _reachable(status: CallStatus) -> frozenset[CallStatus]:
    found, todo = set(), [status]
    while todo:
        for then in CALLS[todo.pop()] - found:
            found.add(then)
            todo.append(then)
    return frozenset(found)


def is_at_rest(product: InProcess, always: Always) -> None:
    """At the end of time: everything has ended, and whoever must know of it does."""
    admins = len(product.rows("SELECT id FROM account WHERE is_admin"))
    told = product.rows("SELECT referral_id FROM notification WHERE kind = 'no_agent'")
    assert all(c["status"] in ENDS for c in always.calls.values())
    assert all(o["status"] != "sent" for o in always.offers.values())
    for referral in {o["referral_id"] for o in always.offers.values()}:
        has_it = any(o["referral_id"] == referral and o["status"] == "claimed" for o in always.offers.values())
        assert [t["referral_id"] for t in told].count(referral) == (0 if has_it else admins)
    for offer in always.offers.values():
        phase = always.page(offer)
        assert phase in FINAL or offer["status"] == "claimed"
        details = product.rows("SELECT id FROM notification WHERE kind = 'details' AND offer_id = %s", offer["id"])
        assert len(details) == (offer["status"] == "claimed")
        _losers_know(product, offer)


def _losers_know(product: InProcess, offer: Row) -> None:
    by_kind = product.rows(
        "SELECT kind, count(*) AS n FROM notification WHERE offer_id = %s AND status IN ('sent', 'delivered')"
        " GROUP BY kind", offer["id"],
    )  # fmt: skip
    sent = {row["kind"]: row["n"] for row in by_kind}
    if offer["status"] == "lost" and offer["decline_at"] is None:
        assert sent.get("lost", 0) == sent.get("offer", 0)
    else:
        assert "lost" not in sent
