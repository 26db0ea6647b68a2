"""The team as its lead sees it, and nobody else."""

import re

from tests.pipeline.client import Client
from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page, read_words
from tests.support.browser.sign_in import signed_in
from tests.support.world.commands import flask
from tests.support.world.network import Network
from tests.support.world.product import Product


def test_a_lead_sees_who_is_there_what_is_live_and_whose_clients_are_where(network: Network, product: Product) -> None:
    team_id = network.add_team("Lakeline")
    sam = network.add_agent("Sam Ortiz", team_id, lead=True)
    priya = network.add_agent("Priya Raman", team_id)
    Client(network, product, priya, team_id=team_id).claimed()
    sam.phone.gets_text("was first")
    network.refer(team_id=team_id, kind="buyer")
    page = Page(priya.phone.gets_text("Buyer in").link)
    visitor = signed_in(product.url, sam)
    words = read_words(visitor.get("/team").text)
    assert "2 of 2 can be reached now" in words
    assert "Buyer in Austin, 78704" in words
    assert "offered to 2" in words
    assert "Maria Delgado" in words
    assert "Connected" in words
    assert "maria@mail.example" not in words
    page.press("call")
    priya.phone.rings()
    assert "ringing Priya" in read_words(visitor.get("/team/now").text)
    page.press("stop")
    priya.phone.is_over()


def test_a_lead_sets_who_takes_what_and_who_is_away(network: Network, product: Product) -> None:
    team_id = network.add_team()
    sam = network.add_agent("Sam Ortiz", team_id, lead=True)
    priya = network.add_agent("Priya Raman", team_id)
    visitor = signed_in(product.url, sam)
    visitor.post(f"/team/members/{priya.id}", takes="buyer")
    assert "Buyers · 0 clients" in read_words(visitor.get("/team").text)
    assert visitor.post(f"/team/members/{priya.id}", takes="houses").status_code == 422
    visitor.post(f"/team/members/{priya.id}", until="tomorrow")
    words = read_words(visitor.get("/team").text)
    assert "1 of 2 can be reached now" in words
    assert "Away until" in words
    visitor.post(f"/team/members/{priya.id}", resume="1")
    assert "2 of 2 can be reached now" in read_words(visitor.get("/team").text)


def test_only_a_lead_sees_it_and_only_their_own_team(network: Network, product: Product) -> None:
    team_id = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team_id), network.add_agent("Priya Raman", team_id)
    visitor = signed_in(product.url, sam)
    assert visitor.get("/team").status_code == 404
    assert 'href="/team"' not in visitor.get("/referrals").text
    assert visitor.post(f"/team/members/{priya.id}", takes="buyer").status_code == 404
    admin = Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())
    fields = {"name": "Sam Ortiz", "email": sam.email, "phone": sam.phone.number, "time_zone": "America/Chicago"}
    admin.post(f"/admin/agents/{sam.id}", **fields, team_id=team_id, takes="buyer", lead="yes")
    visitor = signed_in(product.url, sam)
    assert 'href="/team"' in visitor.get("/referrals").text
    stranger = network.add_agent("Lee Park", network.add_team())
    assert visitor.post(f"/team/members/{stranger.id}", takes="buyer").status_code == 404


def test_the_figures_say_who_is_faster(network: Network, product: Product) -> None:
    team_id = network.add_team()
    sam = network.add_agent("Sam Ortiz", team_id)
    priya = network.add_agent("Priya Raman", team_id)
    visitor = signed_in(product.url, sam)
    assert "Nothing to count yet" in read_words(visitor.get("/figures").text)
    Client(network, product, sam, team_id=team_id).claimed()
    priya.phone.gets_text("was first")
    words = read_words(visitor.get("/figures").text)
    assert re.search(r"You answer in \d+\s?s, the team in \d+\s?s", words)
    assert "Answered 100 %" in words
    assert "Talked with 100 %" in words
