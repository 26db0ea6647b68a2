"""Many messages are on their way at once; a slow provider holds up nobody else, and a call waits behind no message."""

from datetime import datetime

from flask import Flask

from app.notifications.channels.rules import Channel
from app.workers.messages.dispatcher import HANDS, Run
from app.workers.messages.jobs import dispatcher
from tests.support.browser.page import Page
from tests.support.browser.subscriber import subscribed
from tests.support.carrier.carrier import Carrier
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import rows
from tests.support.world.waiting import eventually

TEXTS_SENDING = "SELECT count(*) FROM notification WHERE channel = 'sms' AND status = 'sending'"
TEXTS = "SELECT count(*) FROM notification WHERE channel = 'sms' AND kind = 'offer' AND status = %s"


def team_of(network: Network, size: int) -> tuple[str, list[AgentInTest]]:
    team = network.add_team()
    return team, [network.add_agent(f"Agent{n} Ortiz", team) for n in range(size)]


def test_texts_to_a_whole_team_are_on_their_way_at_once(network: Network, carrier: Carrier, database: Database) -> None:
    team, members = team_of(network, 8)
    carrier.behaves(slow=2.0)
    network.refer(team_id=team)
    eventually(lambda: database.rows(TEXTS_SENDING) == [(8,)], "all eight on their way")
    for member in members:
        assert len(member.phone.gets_text().body) > 0


def test_no_more_are_on_their_way_than_there_are_hands(network: Network, carrier: Carrier, database: Database) -> None:
    team, members = team_of(network, 10)
    carrier.behaves(slow=2.0)
    for _ in range(3):
        network.refer(team_id=team)
    eventually(lambda: database.rows(TEXTS_SENDING) == [(HANDS[Channel.SMS],)], "every hand busy")
    assert database.rows(TEXTS, "queued") == [(30 - HANDS[Channel.SMS],)]
    for member in members:
        eventually(lambda member=member: len(member.phone.texts()) == 3, "all three texts")


def test_mails_go_out_while_the_carrier_keeps_us_waiting(
    network: Network, carrier: Carrier, database: Database
) -> None:
    team, members = team_of(network, 8)
    carrier.behaves(slow=4.0)
    network.refer(team_id=team)
    network.refer(team_id=team)
    for member in members:
        eventually(lambda member=member: len(member.mailbox.mails("Seller in")) == 2, "both mails")
    assert database.rows(TEXTS_SENDING) != [(0,)]


def test_a_call_is_placed_while_messages_wait(
    network: Network, carrier: Carrier, database: Database, product: Product
) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    page = Page(sam.phone.gets_text().link)
    team, _ = team_of(network, 8)
    with product.held_up("messages"):
        for _ in range(10):
            network.refer(team_id=team)
        page.press("call")
        sam.phone.rings().answer().press("1").hears("It's yours")
        assert database.rows(TEXTS, "queued") == [(80,)]


def test_a_round_that_finds_nothing_to_send_writes_nothing(app: Flask, product: Product) -> None:
    assert dispatcher().run() == Run(taken=0, finished=True)
    assert rows(product) == {}


def test_a_text_and_a_push_expire_at_the_provider_when_the_offer_does(
    network: Network, carrier: Carrier, database: Database, product: Product
) -> None:
    sam = network.add_agent()
    browser = subscribed(carrier, database, sam.id)
    with product.held_up("messages"), product.without("sweeper"):
        network.refer(agent_id=sam.id)
        database.time_passes(minutes=10)
    assert 20 * 60 - 60 <= sam.phone.gets_text().raw["valid_seconds"] <= 20 * 60
    assert 20 * 60 - 60 <= browser.gets_push("Seller in").ttl <= 20 * 60


def test_a_burst_keeps_the_rate_of_our_number_and_holds_up_no_mail(
    network: Network, carrier: Carrier, database: Database, product: Product
) -> None:
    team, members = team_of(network, 8)
    with product.worker_with("messages", TEXTS_PER_SECOND="4"), product.without("sweeper"):
        network.refer(team_id=team)
        for member in members:
            member.mailbox.gets_mail("Seller in")
        for member in members:
            member.phone.gets_text()
    moments = sorted(datetime.fromisoformat(m["created"]) for m in carrier.state()["messages"])
    assert (moments[-1] - moments[0]).total_seconds() > 1.2, "eight at four a second"
    assert max(m["received"] for m in carrier.state()["mails"]) < moments[-1].isoformat()


def test_what_waits_for_its_turn_is_dropped_when_somebody_claims(
    network: Network, carrier: Carrier, database: Database, product: Product
) -> None:
    team, members = team_of(network, 4)
    with product.worker_with("messages", TEXTS_PER_SECOND="0.1"), product.without("sweeper"):
        network.refer(team_id=team)
        first = eventually(lambda: [m for m in members if m.phone.texts()], "the first text")[0]
        assert database.rows(TEXTS, "queued") == [(3,)]
        Page(first.phone.gets_text().link).press("call")
        first.phone.rings().answer().press("1").hears("It's yours")
        assert database.rows(TEXTS, "dropped") == [(3,)]
    for member in members:
        if member is not first:
            member.mailbox.gets_mail("was first")
            assert member.phone.texts() == []
