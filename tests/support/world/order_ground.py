"""What every order of events stands on: the beginning, what is checked after each step, and the end of time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from tests.support.carrier.loose_carrier import OUTBOUND
from tests.support.carrier.true_call import Answer, Request, TrueCall
from tests.support.world.always import Always, dials_nobody_it_should_not, is_at_rest
from tests.support.world.in_process import NOON, InProcess

LONGEST_TO_AN_END = 120
"""Seconds after which a call that is over at the carrier is over with us."""


class Ground(RuleBasedStateMachine):
    """One or two referrals to a team; `product` is set by the test."""

    product: InProcess

    def __init__(self) -> None:
        super().__init__()
        self.now = Always(self.product)
        self.begun = False

    @property
    def carrier(self) -> Any:
        return self.product.carrier

    @initialize(members=st.sampled_from([2, 2, 3]), referrals=st.integers(1, 2), late=st.booleans())
    def begin(self, members: int, referrals: int, late: bool) -> None:
        """Late is shortly before the hour at which clients are no longer rung."""
        self.product.begin(NOON + timedelta(hours=8, minutes=50) if late else NOON)
        self.begun = True
        team = self.product.network(members)
        self.offers = [offer for _ in range(referrals) for offer in self.product.refers(team)]
        self.now.look()

    @invariant()
    def always(self) -> None:
        if self.begun:
            self.product.passes(0.01)
            self.now.look()

    def teardown(self) -> None:
        """Nothing is delivered any more; the carrier tells the truth when asked; time passes."""
        try:
            if self.begun:
                self._ends()
        finally:
            self.product.end()

    def _ends(self) -> None:
        self.product.rows("UPDATE booking SET status = 'canceled', ended_at = created_at WHERE status = 'booked'")
        for _ in range(10):  # what was asked for is placed by now, or never
            self.product.passes(1)
            self.product.sweeps()
        self._all_hang_up()
        for _ in range(10):
            self.product.passes(1)
            self.product.sweeps()
        self._all_hang_up()
        placed = len(self.carrier.calls)
        for _ in range(LONGEST_TO_AN_END // 5):
            self.product.passes(5)
            self.product.sweeps()
        self.now.look()
        assert all(row["ended_at"] for row in self.now.calls.values()), "a call is over, and goes on with us"
        assert len(self.carrier.calls) == placed, "nobody asked for another call"
        for seconds in (900, 900, 20, 20):
            self.product.passes(seconds)
            self.product.sweeps()
        self.now.look()
        is_at_rest(self.product, self.now)

    # What the rules stand on

    def _all_hang_up(self) -> None:
        for call in self.carrier.calls:
            call.ends("no-answer" if call.status in ("queued", "ringing") else "completed")

    def _answered(self, call: TrueCall) -> None:
        answer = call.is_answered()
        if answer is not None:
            assert answer.status == 200, "the carrier asked for a document, and got none"
            dials_nobody_it_should_not(self.product, answer.body)

    def _tap(self, offer: UUID, tap: str) -> Answer:
        answer = self.product.taps(offer, tap, **({"reason": "too_far"} if tap == "decline" else {}))
        assert answer.status in (200, 303)
        return answer

    def _all_reports_arrive(self) -> None:
        """That are on their way, in order."""
        waiting, self.carrier.waiting = self.carrier.waiting, []
        for request in waiting:
            self._deliver(request)

    def _deliver(self, request: Request) -> None:
        answer: Answer = self.product.ask(request)
        assert answer.status < 400, str(request)
        dials_nobody_it_should_not(self.product, answer.body)

    def _somebody_calls(self, offer: UUID, answer: Answer) -> None:
        """A tap on "call" leads to a call, or the page says why not, or no longer offers one."""
        self.now.look()
        live = [c for c in self.now.calls.values() if c["offer_id"] == offer and c["ended_at"] is None]
        row = self.now.offers[offer]
        over = row["status"] != "sent" or row["decline_at"] is not None or 'data-phase="expired"' in answer.body
        assert live or over or 'class="problem"' in answer.body, "tapped, and nothing happens"

    def _pin(self, which: int) -> str:
        """Of an offer, whoever rings; 000000 when there is none."""
        pins = self.product.rows("SELECT digits FROM pin ORDER BY id")
        return self._pick(which + len(self.carrier.calls), pins)["digits"] if pins else "000000"

    def _rows(self, status: str, offer: UUID | None = None) -> list[dict[str, Any]]:
        rows = self.product.rows("SELECT * FROM call WHERE status = %s ORDER BY id", status)
        return [row for row in rows if offer in (None, row["offer_id"])]

    def _those(self, wanted: Any) -> list[TrueCall]:
        return [call for call in reversed(self.carrier.calls) if not call.over and wanted(call)]

    def _one(self, which: int, wanted: Any) -> Any:
        return self._pick(which, self._those(wanted))

    def _outbound(self, *statuses: str) -> list[TrueCall]:
        return self._those(lambda c: c.direction == OUTBOUND and c.status in statuses)

    @staticmethod
    def _pick(which: int, among: Any) -> Any:
        return among[which % len(among)]
