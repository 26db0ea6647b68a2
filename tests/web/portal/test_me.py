"""The agent's own page: away and back, what they take, when they are reminded, where they are signed in."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.page import read_words
from tests.support.browser.sign_in import signed_in
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import change, select
from tests.support.world.waiting import eventually


@pytest.fixture
def team(network: Network) -> tuple[AgentInTest, AgentInTest]:
    team_id = network.add_team()
    return network.add_agent("Sam Ortiz", team_id), network.add_agent("Priya Raman", team_id)


def test_away_no_referral_comes_and_back_what_is_still_open_does(
    team: tuple[AgentInTest, AgentInTest], network: Network, product: Product
) -> None:
    sam, priya = team
    visitor = signed_in(product.url, sam)
    assert "You are away until" in read_words(visitor.post("/me/pause", until="hour").text)
    referral = network.refer(team_id=sam.team_id)
    priya.phone.gets_text("Reply 1")
    assert network.offers(referral) == {priya.id: "sent"}
    visitor.post("/me/resume")
    sam.phone.gets_text("Reply 1")
    assert network.offers(referral) == {priya.id: "sent", sam.id: "sent"}
    ends = {offer["expires_at"] for offer in network.referral(referral["id"])["offers"]}
    assert len(ends) == 1  # no longer than for the others


def test_a_pause_ends_by_itself(team: tuple[AgentInTest, AgentInTest], network: Network, product: Product) -> None:
    sam, priya = team
    signed_in(product.url, sam).post("/me/pause", until="monday")
    referral = network.refer(team_id=sam.team_id)
    priya.phone.gets_text("Reply 1")
    change(product, "UPDATE agent SET paused_until = now() WHERE paused_until IS NOT NULL")
    sam.phone.gets_text("Reply 1")
    assert set(network.offers(referral)) == {sam.id, priya.id}
    assert select(product, "SELECT count(*) FROM agent WHERE paused_at IS NOT NULL") == [(0,)]


def test_a_pause_by_an_admin_is_theirs_to_end(sam: AgentInTest, product: Product) -> None:
    admin = Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())
    admin.post(f"/admin/agents/{sam.id}/pause")
    visitor = signed_in(product.url, sam)
    assert "Your network has paused you" in read_words(visitor.get("/me").text)
    visitor.post("/me/resume")
    assert visitor.post("/me/pause", until="hour").status_code == 422
    assert select(product, "SELECT paused_at IS NOT NULL, paused_until IS NULL FROM agent") == [(True, True)]


@pytest.mark.parametrize("until", ["", "never", "2020-01-01T00:00:00Z"])
def test_a_pause_that_is_none_is_refused(sam: AgentInTest, product: Product, until: str) -> None:
    visitor = signed_in(product.url, sam)
    answer = visitor.post("/me/pause", until=until)
    assert answer.status_code == 422
    assert "Choose a time to come" in answer.text


def test_what_they_take_and_when_they_are_reminded(sam: AgentInTest, product: Product, network: Network) -> None:
    visitor = signed_in(product.url, sam)
    visitor.post("/me", takes="buyer", first="08:30", second="18:00")
    assert select(product, "SELECT takes_buyers, takes_sellers, follow_up_first::text FROM agent") == [
        (True, False, "08:30:00")
    ]
    for wrong in ({"first": "08:30", "second": "18:00"}, {"takes": "buyer", "first": "soon", "second": "18:00"}):
        assert visitor.post("/me", **wrong).status_code == 422
    answer = visitor.post("/me", takes="buyer", first="18:00", second="08:30")
    assert "Choose a time after the first." in answer.text
    assert select(product, "SELECT follow_up_second::text FROM agent") == [("18:00:00",)]


def test_another_browser_is_signed_out_from_here(sam: AgentInTest, product: Product, network: Network) -> None:
    here, there = signed_in(product.url, sam), signed_in(product.url, sam)
    page = here.get("/me").text
    assert page.count('class="browser"') == 2
    other = page.partition("/me/browsers/")[2].partition("/")[0]
    here.post(f"/me/browsers/{other}/sign-out")
    eventually(lambda: "/sign-in" in there.get("/me").url, "the other signed out")
    assert here.get("/me").status_code == 200
    there = signed_in(product.url, sam)
    here.post("/me/browsers/sign-out")
    assert "/sign-in" in there.get("/me").url
    stranger = signed_in(product.url, network.add_agent("Priya Raman"))
    mine = select(product, "SELECT id FROM signed_in WHERE ended_at IS NULL ORDER BY id LIMIT 1")[0][0]
    assert stranger.post(f"/me/browsers/{mine}/sign-out").status_code == 404
    assert here.get("/me").status_code == 200


def test_three_in_a_row_without_a_word_offer_a_pause(sam: AgentInTest, network: Network, product: Product) -> None:
    visitor = signed_in(product.url, sam)
    for n in range(3):
        assert "Three referrals went by" not in visitor.get("/referrals").text, n
        network.refer(agent_id=sam.id)
        change(product, "UPDATE offer SET status = 'expired', ended_at = now() WHERE status = 'sent'")
    assert "Three referrals went by" in visitor.get("/referrals").text
    visitor.post("/referrals/here")
    assert "Three referrals went by" not in visitor.get("/referrals").text
    other = signed_in(product.url, sam)
    assert "You are away until" in read_words(other.post("/me/pause", until="four_hours").text)
    assert "Three referrals went by" not in other.get("/referrals").text


def test_outside_their_hours_they_are_away_and_come_back_by_themselves(
    team: tuple[AgentInTest, AgentInTest], network: Network, product: Product
) -> None:
    sam, priya = team
    visitor = signed_in(product.url, sam)
    there = datetime.now(ZoneInfo("America/Chicago"))
    day = (there.weekday() + 2) % 7
    page = visitor.post("/me/hours", **{f"begins_{day}": "09:00", f"ends_{day}": "17:00"})
    assert "You are away until" in read_words(page.text)
    referral = network.refer(team_id=sam.team_id)
    priya.phone.gets_text("Reply 1")
    assert set(network.offers(referral)) == {priya.id}
    change(product, "UPDATE agent SET paused_until = now() WHERE paused_until IS NOT NULL")
    sam.phone.gets_text("Reply 1")
    off_at = select(product, "SELECT off_at FROM agent WHERE off_at IS NOT NULL")[0][0]
    assert off_at.astimezone(ZoneInfo("America/Chicago")).time() == time(17)
    change(product, "UPDATE agent SET off_at = now() WHERE off_at IS NOT NULL")
    eventually(lambda: "You are away until" in read_words(visitor.get("/me").text), "their hours over")
    visitor.post("/me/hours", any="1")
    visitor.post("/me/resume")
    assert "You get referrals at any hour." in read_words(visitor.get("/me").text)
    assert select(product, "SELECT count(*) FROM agent_hours") == [(0,)]


def test_hours_that_cannot_be_are_refused_at_their_day(sam: AgentInTest, product: Product) -> None:
    visitor = signed_in(product.url, sam)
    answer = visitor.post("/me/hours", begins_2="17:00", ends_2="09:00")
    assert answer.status_code == 422
    assert 'id="ends_2-wrong"' in answer.text
    assert 'value="17:00"' in answer.text
    assert select(product, "SELECT count(*) FROM agent_hours") == [(0,)]
