"""The race (S10): the first key 1 or PIN wins, every other member is told at once, and nothing makes it two claims."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.hooks import Hooks
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually


@dataclass
class Team:
    """Three who were all sent the same referral, each with the page open."""

    referral: dict[str, Any]
    sam: AgentInTest
    priya: AgentInTest
    lee: AgentInTest
    sams: Page
    priyas: Page
    lees: Page


@pytest.fixture
def team(network: Network, carrier: Carrier) -> Team:
    """All three have been told by text and mail."""
    id_ = network.add_team()
    members = [network.add_agent(name, id_) for name in ("Sam Ortiz", "Priya Raman", "Lee Chen")]
    referral = network.refer(team_id=id_)
    for agent in members:
        agent.mailbox.gets_mail("Seller in Austin")
    return Team(referral, *members, *(network.page(referral, agent) for agent in members))


def in_the_menu(agent: AgentInTest, page: Page) -> None:
    page.press("call")
    agent.phone.rings().answer().hears("Press 1")


def test_a_ringing_call_is_canceled_and_one_in_the_menu_is_told_and_hung_up(team: Team, carrier: Carrier) -> None:
    in_the_menu(team.sam, team.sams)
    in_the_menu(team.priya, team.priyas)
    team.lees.press("call")
    team.lee.phone.rings()
    team.sam.phone.press("1").hears("It's yours")

    team.priya.phone.hears("Sam was first").is_over("completed")
    team.lee.phone.is_over("canceled")
    (update,) = carrier.requests("POST", f"/Calls/{team.priya.phone.sid}.json")
    assert "Sam was first" in dict(update["params"])["Twiml"]
    assert team.priyas.phase == team.lees.phase == "lost"


def test_open_pages_swap_within_one_poll_and_ask_no_more(team: Team) -> None:
    in_the_menu(team.sam, team.sams)
    assert [team.priyas.polls(), team.priyas.polls()] == ["offered", ""]
    team.sam.phone.press("1").hears("It's yours")
    assert team.priyas.polls() == "lost"
    assert "Sam was first" in team.priyas.words
    assert not team.priyas.asks_on


def test_each_loser_is_told_once_on_each_channel_they_were_told_by(team: Team, network: Network) -> None:
    in_the_menu(team.sam, team.sams)
    team.sam.phone.press("1").hears("It's yours").hang_up().is_over()
    team.sams.becomes("client_missed").press("call")
    team.sam.phone.rings().answer().press("1").hears("It's yours")
    for loser in (team.priya, team.lee):
        loser.phone.gets_text("Sam was first")
        loser.mailbox.gets_mail("Sam was first")
    for loser in (team.priya, team.lee):
        assert len(loser.phone.texts("Sam was first")) == len(loser.mailbox.mails("Sam was first")) == 1
    assert team.sam.phone.texts("was first") == team.sam.mailbox.mails("was first") == []


def test_what_is_still_queued_for_a_loser_is_dropped_and_then_there_is_nothing_to_take_back(
    network: Network, carrier: Carrier, product: Product
) -> None:
    id_ = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", id_), network.add_agent("Priya Raman", id_)
    with product.held_up("messages"):
        referral = network.refer(team_id=id_)
        in_the_menu(sam, Page(network.link(referral, sam)))
        sam.phone.press("1").hears("It's yours").hang_up().is_over()
    sam.mailbox.gets_mail("Maria Delgado")
    assert priya.phone.texts() == priya.mailbox.mails() == []
    assert network.offers(referral)[priya.id] == "lost"


def test_whoever_presses_too_late_hears_and_reads_by_how_much(
    team: Team, product: Product, database: Database, network: Network
) -> None:
    in_the_menu(team.sam, team.sams)
    in_the_menu(team.priya, team.priyas)
    with product.held_up("voice", "sweeper"):  # before Priya's call can be told
        team.sam.phone.press("1").hears("It's yours")
        database.time_passes(seconds=4)
        team.priya.phone.press("1").hears("Sam was first, by ").is_over("completed")
    ((behind_ms,),) = database.rows("SELECT behind_ms FROM late_claim")
    assert behind_ms >= 4000
    by_how_much = f"Sam was first, by {round(behind_ms / 1000)} seconds."
    team.priya.phone.hears(by_how_much)
    assert by_how_much in team.priyas.words
    assert network.offers(team.referral)[team.priya.id] == "lost"
    assert network.referral(team.referral["id"])["claimed_by"] == team.sam.id


def test_whoever_picks_up_as_somebody_wins_hears_who_was_first(team: Team, product: Product) -> None:
    in_the_menu(team.sam, team.sams)
    team.priyas.press("call")
    team.priya.phone.rings()
    with product.held_up("voice", "sweeper"):  # the pick-up is faster than the cancel
        team.sam.phone.press("1").hears("It's yours")
        team.priya.phone.answer().hears("Sam was first").is_over("completed")
    assert team.priyas.phase == "lost"


def test_a_second_press_and_a_repeated_callback_get_the_same_answer(
    team: Team, hooks: Hooks, database: Database, network: Network
) -> None:
    in_the_menu(team.sam, team.sams)
    team.sam.phone.press("1").hears("It's yours")
    network.client_phone(team.referral).rings()
    (call,) = network.referral(team.referral["id"])["calls"]
    pressed = {"CallSid": team.sam.phone.sid, "CallStatus": "in-progress", "Digits": "1"}
    answers = {hooks.post(f"calls/{call['id']}/key", **pressed).text for _ in range(3)}
    assert len(answers) == 1
    assert "It's yours. Connecting you to Maria" in answers.pop()
    assert database.rows("SELECT count(*) FROM claim") == [(1,)]
    assert network.calls(team.referral) == ["accepted"]


def test_two_tabs_are_one_claim_and_one_call(
    team: Team, network: Network, carrier: Carrier, database: Database
) -> None:
    other_tab = Page(team.sams.link)
    team.sams.press("call")
    other_tab.press("call")
    team.sam.phone.rings().answer().press("1").hears("It's yours")
    maria = network.client_phone(team.referral).rings()
    database.time_passes(seconds=20)  # and the other tab has been asleep
    assert other_tab.press("call").ok
    assert team.sams.phase == other_tab.phase == "connecting"
    maria.answer()
    assert other_tab.press("call").ok
    other_tab.becomes("connected")
    assert carrier.calls_placed() == 1


def test_the_pin_on_another_phone_and_the_key_are_one_claim(
    team: Team, network: Network, carrier: Carrier, database: Database
) -> None:
    in_the_menu(team.sam, team.sams)
    office = carrier.phone("+15125559301")
    office.calls_us().press(database.pin()).hears("It's yours")
    team.sam.phone.is_over("completed")
    network.client_phone(team.referral).rings().answer()
    team.sams.becomes("connected")
    assert database.rows("SELECT via, count(*) FROM claim GROUP BY 1") == [("pin", 1)]
    eventually(lambda: team.priyas.phase == "lost", "Priya's page swaps")


def test_two_phones_of_the_winner_ring_the_client_once(
    team: Team, network: Network, carrier: Carrier, database: Database, product: Product
) -> None:
    in_the_menu(team.sam, team.sams)
    office = carrier.phone("+15125559303")
    with product.held_up("voice", "sweeper"):  # before Sam's own phone can be hung up
        office.calls_us().press(database.pin()).hears("Connecting you to Maria")
        maria = network.client_phone(team.referral).rings().answer()
        team.sam.phone.press("1").hears("It's yours, and your other phone is on with the client").is_over()
    team.sams.becomes("connected")
    assert [call["phone"] for call in carrier.state()["calls"]].count(maria.number) == 1


def test_the_key_of_one_member_and_the_pin_of_another(
    team: Team, carrier: Carrier, database: Database, product: Product
) -> None:
    in_the_menu(team.sam, team.sams)
    sams_pin = database.pin()
    in_the_menu(team.priya, team.priyas)
    office = carrier.phone("+15125559302").calls_us().hears("type the six digits")
    team.priya.phone.press("1").hears("It's yours")
    office.press(sams_pin).hears("That is not a PIN in use")
    assert database.rows("SELECT count(*) FROM claim") == [(1,)]
