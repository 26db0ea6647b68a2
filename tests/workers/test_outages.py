"""Killed workers, a Redis that is away, a carrier whose answers get lost: the call is placed once, or not at all."""

from collections.abc import Iterator

import pytest

from devtools.postgres import Postgres
from devtools.valkey import Valkey
from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

AT_ONCE = 5.0
"""Seconds within which a tap must have led to a call, whatever was away."""


@pytest.fixture
def voice_down(product: Product) -> Iterator[Product]:
    """The voice worker was killed, and nobody has started another yet."""
    product.workers["voice"].kill()
    yield product
    product.workers["voice"].start()
    product.wait_until_ready()


@pytest.fixture
def redis_down(product: Product, servers: tuple[Postgres, Valkey]) -> Iterator[Valkey]:
    """Redis is gone, as by a power cut."""
    valkey = servers[1]
    valkey.kill()
    yield valkey
    product.wait_until_ready()


def statuses(network: Network, referral_id: str) -> list[str]:
    return [call["status"] for call in network.referral(referral_id)["calls"]]


def test_a_worker_killed_before_it_takes_the_row(network: Network, carrier: Carrier, voice_down: Product) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    Page(sam.phone.gets_text().link).press("call")
    carrier.wait(lambda s: s["calls"], "the call, placed without the worker", patience=AT_ONCE)
    sam.phone.rings().answer().press("1").hears("It's yours")
    assert carrier.calls_placed() == 1


def test_redis_away_for_three_seconds(network: Network, carrier: Carrier, redis_down: Valkey) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    # the text comes late, by the sweeper, since its row has waited too long
    page = Page(sam.phone.gets_text().link)
    page.press("call")
    carrier.wait(lambda s: s["calls"], "the call, placed without Redis", patience=AT_ONCE)
    redis_down.start()
    sam.phone.rings().answer().press("1").hears("It's yours")
    assert carrier.calls_placed() == 1


def test_a_worker_killed_after_it_took_the_row_and_the_call_is_found_at_the_carrier(
    network: Network, carrier: Carrier, product: Product
) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    page = Page(sam.phone.gets_text().link)
    carrier.behaves(vanish=1, lose=["all"])
    page.press("call")
    sam.phone.rings()
    product.workers["voice"].kill()
    product.workers["voice"].start()
    sam.phone.decline()
    # neither the answer nor any callback came: reconcile finds the call, adopts it, and sees how it ended
    eventually(lambda: statuses(network, referral["id"]) == ["busy"], "the call is adopted, and has ended", patience=40)
    assert carrier.calls_placed() == 1


def test_an_answer_that_is_lost_though_the_call_was_placed(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    page = Page(sam.phone.gets_text().link)
    carrier.behaves(vanish=1)
    page.press("call")
    # the first signed callback brings the SID
    sam.phone.rings().answer().press("1").hears("It's yours")
    network.client_phone(referral).rings().answer()
    eventually(lambda: page.phase == "connected", "they talk")
    assert carrier.calls_placed() == 1


def test_a_carrier_that_fails_without_placing_is_no_miss_of_the_agent(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    page = Page(sam.phone.gets_text().link)
    carrier.behaves(rest_errors=[500])
    page.press("call")
    eventually(lambda: statuses(network, referral["id"]) == ["failed"], "the call is known to have failed")
    assert carrier.calls_placed() == 0
    page.press("call")
    sam.phone.rings()
    assert [call["attempt"] for call in network.referral(referral["id"])["calls"]] == [1, 1]


def test_a_carrier_that_refuses_says_so_at_once(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    page = Page(sam.phone.gets_text().link)
    carrier.behaves(rest_errors=[400])
    page.press("call")
    eventually(lambda: page.phase == "pin", "the page shows a number and a PIN straight away")
    assert statuses(network, referral["id"]) == ["failed"]


def test_a_carrier_with_too_much_to_do_is_asked_once_more(network: Network, carrier: Carrier, sam: AgentInTest) -> None:
    referral, page = network.offered(sam)
    carrier.behaves(rest_errors=[429])
    page.press("call")
    sam.phone.rings().decline()
    page.becomes("missed")
    carrier.behaves(rest_errors=[429, 429])
    page.press("call")
    page.becomes("pin")
    assert network.calls(referral) == ["rejected", "failed"]


@pytest.mark.parametrize("how", [{"repeat": True}, {"reorder": True}, {"delay": 0.3}], ids=lambda how: next(iter(how)))
def test_callbacks_that_come_twice_late_or_out_of_order_change_nothing(
    network: Network, carrier: Carrier, how: dict[str, object]
) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    maria = network.client_phone(referral)
    page = Page(sam.phone.gets_text().link)
    carrier.behaves(**how)
    page.press("call")
    sam.phone.rings().answer().press("1")
    maria.rings().answer()
    sam.phone.hears("connected to")
    eventually(lambda: page.phase == "connected", "the page says that they talk")
    maria.hang_up()
    sam.phone.is_over("completed")
    eventually(lambda: statuses(network, referral["id"]) == ["completed"], "the call has ended")
    assert len(sam.mailbox.mails("Maria Delgado")) <= 1
    assert sam.mailbox.gets_mail("Maria Delgado")


def test_a_page_whose_callbacks_all_got_lost_catches_up(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    maria = network.client_phone(referral)
    page = Page(sam.phone.gets_text().link)
    carrier.behaves(lose=["all"])
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    assert page.phase == "connecting"
    maria.rings().answer().hang_up()
    sam.phone.is_over("completed")
    # the Dial's own action is a document request, not a callback: it says that they talked
    eventually(lambda: page.phase in ("claimed", "client_missed"), "the page is over")
    assert sam.mailbox.gets_mail("Maria Delgado")


def test_workers_are_back_as_soon_as_redis_is(
    network: Network, carrier: Carrier, servers: tuple[Postgres, Valkey]
) -> None:
    """One was at work when it went away, the other waited for work: neither needs the sweeper afterwards."""
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    sam.phone.gets_text()
    servers[1].kill()
    network.refer(agent_id=sam.id)
    servers[1].start()
    eventually(lambda: len(sam.phone.texts("Seller")) == 2, "the text of the referral that came meanwhile")
    network.refer(agent_id=sam.id)
    carrier.wait(lambda _: len(sam.phone.texts("Seller")) == 3, "a text without the sweeper", patience=AT_ONCE)


def test_stop_calling_while_redis_is_away(network: Network, carrier: Carrier, redis_down: Valkey) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    page = Page(sam.phone.gets_text().link)
    page.press("call")
    sam.phone.rings()
    page.press("stop")
    carrier.wait(
        lambda s: s["calls"][-1]["status"] == "canceled", "the end of the call, without Redis", patience=AT_ONCE
    )
    redis_down.start()
