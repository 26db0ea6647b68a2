"""Routing on the desk: rules in versions, who would be asked, what other rules would have done, and why it was so."""

import re
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.support.browser.browser import Visitor
from tests.support.browser.chromium import picture, watched
from tests.support.browser.page import Page, read_words
from tests.support.browser.sign_in import signed_in
from tests.support.world.commands import flask
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.rows import rows

AROUND = {"areas": ["78704 + 25 mi"]}
TRIAL = {
    "kind": "seller", "area.city": "Austin", "area.state": "TX", "area.zip": "78704",
    "price.min": "$590,000", "price.max": "610000",
}  # fmt: skip
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    """An admin, signed in."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


def tried(**other: str) -> str:
    """Where a referral that is not sent is tried."""
    return f"/admin/routing/try?{urlencode({**TRIAL, **other})}"


def decided(product: Product) -> dict[str, int]:
    """The rows that routing makes, however many receipts come in meanwhile."""
    made = ("referral", "offer", "notification", "routing_rules", "routed", "routing_verdict")
    return {table: count for table, count in rows(product).items() if table in made}


def words(admin: Visitor, path: str) -> str:
    return read_words(admin.get(path).text)


def test_each_change_is_a_version_and_a_referral_keeps_its_own(admin: Visitor, network: Network) -> None:
    network.add_agent("Sam Ortiz", serves=AROUND)
    first = network.refer()
    assert "By version 1 of the rules" in words(admin, f"/admin/referrals/{first['id']}")
    admin.post("/admin/routing", wave_size="2", after_waves="admins")
    second = network.refer(area={"city": "Austin", "state": "TX", "zip": "78701"})
    assert "By version 2 of the rules" in words(admin, f"/admin/referrals/{second['id']}")
    assert "By version 1 of the rules" in words(admin, f"/admin/referrals/{first['id']}")
    shown = words(admin, "/admin/routing")
    assert "Agents in a wave: 5 to 2" in shown
    assert "all other matching agents, at once to the admins decide" in shown
    assert "boss@network.example" in shown
    admin.post("/admin/routing", wave_size="2")
    assert words(admin, "/admin/routing").count("boss@network.example") == 1, "the same again is no new version"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"wave_size": "0"}, "wave_size"),
        ({"waves": "many"}, "waves"),
        ({"head_start_seconds": ""}, "head_start_seconds"),
        ({"after_team": "pool"}, "after_team"),
        ({"speed_weight": "0", "answer_weight": "0", "talk_weight": "0", "turn_weight": "0"}, "speed_weight"),
    ],
)
def test_what_cannot_be_a_rule_is_said_at_its_field_and_changes_nothing(
    admin: Visitor, product: Product, typed: dict[str, str], field: str
) -> None:
    before = rows(product)
    answer = admin.post("/admin/routing", **typed)
    assert answer.status_code == 422
    assert f'id="w-{field}"' in answer.text
    assert rows(product) == before


def test_why_says_of_each_agent_which_rule_let_them_in_or_out_with_what_it_saw(
    admin: Visitor, network: Network, product: Product
) -> None:
    sam = network.add_agent("Sam Ortiz", serves={"areas": ["Austin, TX"]})
    network.add_agent("Priya Raman", serves={**AROUND, "price": {"min": 100000, "max": 300000}})
    kim = network.add_agent("Kim Lee", serves=AROUND)
    signed_in(product.url, kim).post("/me/pause", until="tomorrow")
    network.add_agent("Ana Ruiz", serves={"areas": ["78664 + 5 mi"]})
    referral = network.refer()
    shown = words(admin, f"/admin/referrals/{referral['id']}")
    assert "Wave 1: 1 asked, 3 left out" in shown
    assert re.search(r"Sam Ortiz There; reached by email, text; takes buyers and sellers; works in Austin, TX", shown)
    assert "Priya Raman Takes $100,000 to $300,000" in shown
    assert re.search(r"Kim Lee Away until \w+ \d+", shown)
    assert re.search(r"Ana Ruiz Works elsewhere, \d+ miles from their nearest ZIP code", shown)
    signed_in(product.url, sam).post("/me/serves", **{"serves.areas": "OK"})
    assert "works in Austin, TX" in words(admin, f"/admin/referrals/{referral['id']}"), "as it was at the time"


def test_a_dry_run_shows_who_would_be_asked_and_sends_nothing(
    admin: Visitor, network: Network, product: Product
) -> None:
    network.add_agent("Sam Ortiz", serves=AROUND)
    network.add_agent("Priya Raman", serves={**AROUND, "speaks": ["es"]})
    before = decided(product)
    shown = words(admin, tried())
    assert "2 agents would be asked first" in shown
    shown = words(admin, tried(language="es"))
    assert "1 agent would be asked first" in shown
    assert "Sam Ortiz Speaks en, not es" in shown
    assert decided(product) == before
    refused = admin.get(tried(**{"area.zip": "x"}))
    assert (refused.status_code, 'id="w-area.zip"' in refused.text) == (422, True)


def test_changed_rules_show_what_they_would_have_done_to_the_last_30_days(
    admin: Visitor, network: Network, product: Product
) -> None:
    sam = network.add_agent("Sam Ortiz", serves={**AROUND, "price": {"min": 100000, "max": 300000}})
    network.add_agent("Priya Raman", serves=AROUND)
    for zip_code in ("78704", "78701"):
        network.refer(agent_id=sam.id, area={"city": "Austin", "state": "TX", "zip": zip_code})
    network.refer(agent_id=sam.id, area={"city": "Dallas", "state": "TX", "zip": "75201"})
    before = decided(product)
    shown = read_words(admin.post("/admin/routing", needs_price="no", replay="1").text)
    assert "3 referrals, 2 with another first wave" in shown
    assert "1 would have found nobody, 1 with the rules in force" in shown
    assert "Sam Ortiz 0 2" in shown
    assert decided(product) == before


def test_any_matching_agent_can_be_chosen_on_the_desk(admin: Visitor, network: Network) -> None:
    sam = network.add_agent("Sam Ortiz", serves=AROUND)
    assert "Any matching agent" in admin.get("/admin/referrals/targets?to=match").text
    answer = admin.post(
        "/admin/referrals/new", to="any matching agent", **TRIAL,
        **{"client.name": "Maria Delgado", "client.phone": "(512) 556-7100", "client.email": "maria@mail.example"},
    )  # fmt: skip
    assert answer.status_code == 200
    Page(sam.phone.gets_text("Seller in Austin").link)


def test_the_desk_sets_what_an_agent_serves_and_keeps_who_did(admin: Visitor, network: Network) -> None:
    sam = network.add_agent("Sam Ortiz")
    path = f"/admin/agents/{sam.id}"
    form = {"name": "Sam Ortiz", "email": sam.email, "phone": "+15125550142", "time_zone": "America/Chicago",
            "takes": "seller"}  # fmt: skip
    refused = admin.post(path, **form, **{"serves.areas": "78704 + 25 mi\nNowhere", "serves.price.min": "cheap"})
    assert refused.status_code == 422
    assert 'id="w-serves.areas"' in refused.text
    assert "78704 + 25 mi\nNowhere" in refused.text
    serves = {
        "serves.areas": "78704 + 25 mi\nAustin, tx", "serves.price.min": "$100,000", "serves.price.max": "900000",
        "serves.speaks": "es, vi", "serves.licences": "tx 0612345 2027-01-31\nOK", "serves.most_clients": "20",
    }  # fmt: skip
    admin.post(path, **form, **serves)
    assert network.get(f"/agents/{sam.id}").json()["serves"] == {
        "areas": ["78704 + 25 mi", "Austin, TX"], "price": {"min": 100000, "max": 900000}, "speaks": ["es", "vi"],
        "licences": ["TX 0612345 2027-01-31", "OK"], "most_clients": 20,
    }  # fmt: skip
    shown = words(admin, path)
    assert "Licences: none to TX 0612345 2027-01-31, OK" in shown
    assert 'value="100,000"' in admin.get(f"{path}/edit").text


def test_an_agent_says_where_they_work_unless_the_network_does(
    admin: Visitor, network: Network, product: Product
) -> None:
    sam = network.add_agent("Sam Ortiz", serves={"areas": ["OK"], "licences": ["TX"]})
    visitor = signed_in(product.url, sam)
    refused = visitor.post("/me/serves", **{"serves.areas": "Nowhere"})
    assert (refused.status_code, "Nowhere: give TX" in refused.text) == (422, True)
    visitor.post("/me/serves", **{"serves.areas": "Austin, TX", "serves.speaks": "es", "serves.licences": "OK"})
    serves = {"areas": ["Austin, TX"], "speaks": ["es"], "licences": ["TX"]}
    assert network.get(f"/agents/{sam.id}").json()["serves"] == serves
    admin.post("/admin/routing", agents_choose="no")
    assert "Your network sets it." in visitor.get("/me").text
    assert visitor.post("/me/serves", **{"serves.areas": "TX"}).status_code == 404


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_page_fits_and_reads_well(
    browser: Browser, admin: Visitor, network: Network, product: Product, size: str
) -> None:
    for name in ("Sam Ortiz", "Priya Raman"):
        network.add_agent(name, serves=AROUND)
    network.add_agent("Kim Lee", serves={**AROUND, "price": {"min": 1, "max": 2}})
    admin.post("/admin/routing", wave_size="1")
    referral = network.refer()
    link = flask(product, "admins", "create", "eyes@network.example").strip()
    for scheme in ("light", "dark"):
        page, complaints = watched(browser, size)
        page.emulate_media(color_scheme=scheme)
        page.goto(link)
        page.get_by_role("button", name="Sign in").click()
        for name, path in (("routing", tried()), ("why", f"/admin/referrals/{referral['id']}")):
            page.goto(product.url + path)
            assert page.evaluate(OVERFLOW) <= 0, (name, scheme)
            picture(page, f"screens/{name}-{size}-{scheme}", full_page=True)
            assert [one["id"] for one in Axe().run(page).response["violations"]] == [], (name, scheme)
        assert complaints == []
        page.context.close()
        link = flask(product, "admins", "create", "eyes@network.example").strip()
