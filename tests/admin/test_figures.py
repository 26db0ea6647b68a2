"""The network's figures: counted from what really happened, split, compared, and as a file."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.support.browser.browser import Visitor
from tests.support.browser.page import read_words
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.rows import change, select
from tests.support.world.waiting import eventually


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    """An admin, signed in."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


def counted(product: Product, offers: int) -> None:
    """Waits for the round that counts everything there is."""
    change(product, "UPDATE offer_fact SET counted_at = counted_at - interval '6 minutes'")
    fresh = "SELECT count(*) FROM offer_fact WHERE counted_at > now() - interval '1 minute'"
    eventually(lambda: select(product, fresh) == [(offers,)], "all offers are counted")


def table(admin: Visitor, **asked: str) -> dict[str, dict[str, str]]:
    """The file, by its first column."""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    answer = admin.get(f"/admin/figures.csv?{query}")
    assert answer.headers["Content-Type"].startswith("text/csv")
    return {next(iter(row.values())): row for row in csv.DictReader(io.StringIO(answer.text))}


@pytest.fixture
def happened(network: Network, product: Product, carrier: Carrier) -> None:
    """Sam claims one in Austin and talks; Priya, told of it, is not first. One of Sam's in Waco rings out, one is bad,
    and one could not be placed."""
    team = network.add_team("Lakeline")
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    won = network.refer(team_id=team, source="website")
    page = network.page(won, sam)
    page.press("call")
    sam.phone.rings().answer().press("1")
    network.client_phone(won).rings().answer()
    page.becomes("connected")
    sam.phone.hang_up().is_over()
    priya.phone.gets_text("was first")
    waco = network.refer(agent_id=sam.id, area={"city": "Waco", "state": "TX", "zip": "76701"})
    network.page(waco, sam).press("call")
    sam.phone.rings().rings_out().is_over()
    bad = network.refer(agent_id=sam.id, kind="buyer")
    change(
        product,
        "INSERT INTO deal_event (id, referral_id, agent_id, kind, report, words, at)"
        f" VALUES (gen_random_uuid(), '{bad['id']}', '{sam.id}', 'report', 'fake', 'Nobody.', now())",
    )
    unplaced = network.refer(agent_id=priya.id, kind="buyer")
    theirs = network.page(unplaced, priya)
    carrier.behaves(rest_errors=[400])
    theirs.press("call")
    eventually(lambda: network.calls(unplaced) == ["failed"], "it could not be placed")
    counted(product, 5)


def test_what_happened_is_what_is_counted(admin: Visitor, happened: None) -> None:
    rows = table(admin, by="agent")
    sam, priya = rows["Sam Ortiz"], rows["Priya Raman"]
    shown = ("offers", "rang", "answered", "claimed", "talked", "bad", "ours")
    assert [sam[name] for name in shown] == ["2", "2", "1", "1", "1", "1", "0"]
    assert [priya[name] for name in shown] == ["2", "0", "0", "0", "0", "0", "1"]
    assert (sam["claim_rate"], sam["answer_rate"], sam["connect_rate"]) == ("0.5", "0.5", "1")
    assert float(sam["median_seconds"]) == float(sam["p90_seconds"]) > 0
    assert (priya["answer_rate"], priya["median_seconds"]) == ("", "")


def test_it_is_split_as_asked(admin: Visitor, happened: None) -> None:
    assert table(admin, by="team")["Lakeline"]["claimed"] == "1"
    assert table(admin, by="area")["Waco, TX"]["claimed"] == "0"
    assert table(admin, by="source")["website"]["claimed"] == "1"
    assert sum(int(row["offers"]) for row in table(admin, by="channel").values()) == 4
    hours, days = table(admin, by="hour"), table(admin, by="weekday")
    assert sum(int(row["claimed"]) for row in hours.values()) == sum(int(row["claimed"]) for row in days.values()) == 1


def test_the_page_shows_the_same_numbers_and_their_age(admin: Visitor, happened: None, browser: Browser) -> None:
    page = admin.get("/admin/figures?by=area").text
    words = read_words(page)
    assert "Waco, TX 1 0 1 0 0 - - 0% 0%" in words
    assert "As of" in words
    assert "counted every five minutes" in words
    assert 'aria-label="From referral to talk: Came in 4, Offered 3, Claimed 1, Talked 1"' in page


def test_a_range_and_the_days_before_stand_in_the_address(
    admin: Visitor, happened: None, database: Database, product: Product
) -> None:
    today = datetime.now(UTC).date()
    words = read_words(admin.get(f"/admin/figures?from={today - timedelta(days=3)}&to={today}&compare=1").text)
    assert "Before: -" in words
    before = today - timedelta(days=40)
    words = read_words(admin.get(f"/admin/figures?from={before}&to={before + timedelta(days=5)}").text)
    assert "Nothing was offered in these days." in words
    for nonsense in ("from=soon", "from=2026-02-30", "from=2030-01-01", "by=moon"):
        assert "Sam Ortiz" in admin.get(f"/admin/figures?{nonsense}").text


def test_it_reads_well_and_fits(browser: Browser, product: Product, happened: None) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(flask(product, "admins", "create", "boss@network.example").strip())
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{product.url}/admin/figures")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).response["violations"] == []
    page.close()
