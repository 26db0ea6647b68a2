"""Orders of events that once went wrong, each as short as it can be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from tests.support.carrier.true_call import TrueCall
from tests.support.world.always import Always
from tests.support.world.in_process import InProcess


@dataclass
class Agent:
    """The only member of a team, with one or two offers."""

    product: InProcess
    now: Always = field(init=False)
    offers: list[UUID] = field(init=False)

    def __post_init__(self) -> None:
        team = self.product.network(1)
        self.offers = [offer for _ in range(2) for offer in self.product.refers(team)]
        self.now = Always(self.product)
        self.now.look()

    def taps(self, action: str, *, on: int = 0) -> None:
        assert self.product.taps(self.offers[on], action).status in (200, 303)
        self.now.look()

    def is_called(self) -> TrueCall:
        """What was asked for is placed, and rings."""
        for row in self.product.rows("SELECT id FROM call WHERE status = 'requested'"):
            self.product.does("place", row["id"])
        call: TrueCall = self.product.carrier.calls[-1]
        call.rings()
        return call

    def is_in_the_menu(self, *, after: float = 0) -> TrueCall:
        """`after` seconds of ringing."""
        call = self.is_called()
        self.product.passes(after)
        call.picks_up()
        call.is_answered()
        self.now.look()
        return call

    def presses(self, call: TrueCall, key: str) -> str:
        call.press(key)
        answer = call.is_answered()
        assert answer is not None
        assert answer.status == 200
        self.now.look()
        return answer.body

    def calls(self) -> list[str]:
        return [row["status"] for row in self.product.rows("SELECT status FROM call ORDER BY id")]

    def phase(self, on: int = 0) -> str:
        return self.now.page(self.now.offers[self.offers[on]])

    def carrier_says(self, *words: str) -> None:
        """Delivers the reports with these words, and forgets the others."""
        waiting: list[Any] = self.product.carrier.waiting
        for request in [r for r in waiting if dict(r.params)["CallStatus"] in words]:
            assert self.product.ask(request).status < 400
        waiting.clear()
        self.now.look()


@pytest.fixture
def sam(in_process: InProcess) -> Iterator[Agent]:
    in_process.begin()
    yield Agent(in_process)
    in_process.end()


def test_an_old_page_that_asks_for_a_call_while_the_client_is_being_rung(sam: Agent) -> None:
    sam.taps("call")
    call = sam.is_in_the_menu(after=15)
    sam.product.passes(6)
    sam.presses(call, "1")
    sam.taps("call")
    assert sam.calls() == ["accepted"]
    assert sam.phase() == "connecting"


def test_key_1_in_a_call_that_was_to_make_way_for_another(sam: Agent) -> None:
    sam.taps("call")
    call = sam.is_in_the_menu(after=15)
    sam.product.passes(6)
    sam.taps("call")
    assert sam.calls() == ["canceling", "requested"]
    assert "<Dial" in sam.presses(call, "1")
    assert sam.calls() == ["accepted", "canceled"]
    assert sam.phase() == "connecting"


def test_a_call_picked_up_after_all_while_one_for_another_referral_waits(sam: Agent) -> None:
    sam.taps("call")
    call = sam.is_called()
    sam.taps("stop")
    sam.taps("call", on=1)
    assert sam.calls() == ["canceling", "requested"]
    call.picks_up()
    call.is_answered()
    sam.now.look()
    assert sam.calls() == ["answered", "canceled"]
    assert "<Dial" in sam.presses(call, "1")


def test_a_late_report_of_the_pick_up_does_not_bring_back_a_call_that_was_stopped_in_the_menu(sam: Agent) -> None:
    sam.taps("call")
    sam.is_in_the_menu()
    sam.taps("stop")
    sam.carrier_says("in-progress")
    assert sam.calls() == ["canceling"]


@pytest.mark.parametrize("key", ["2", ""])
def test_another_call_waits_until_our_last_words_are_said(sam: Agent, key: str) -> None:
    sam.taps("call")
    call = sam.is_in_the_menu()
    for _ in range(1 if key else 3):
        sam.presses(call, key)
    sam.taps("call", on=1)
    sam.product.does("place", list(sam.now.calls)[-1])
    sam.now.look()
    assert sam.calls() == ["canceling", "requested"]
    sam.product.passes(3)
    sam.carrier_says("completed")
    sam.product.sweeps()
    assert sam.calls() == ["declined" if key else "silent", "dialing"]
