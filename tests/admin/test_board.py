"""The live board under an admin's hands: what is urgent comes first, search as one types, details beside the list."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.admin.board.views import PAGE
from tests.admin.test_live import signed_in
from tests.support.browser.browser import Visitor
from tests.support.browser.page import read_words
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

AUSTIN = {"city": "Austin", "state": "TX", "zip": "78704"}
WACO = {"city": "Waco", "state": "TX", "zip": "76701"}


class World:
    """One referral that nobody has, one whose agent is being called, two that wait, one claimed."""

    def __init__(self, network: Network, database: Database) -> None:
        self.network = network
        self.sam, self.priya = network.add_agent("Sam Ortiz"), network.add_agent("Priya Raman")
        self.nobody = self.refer(self.sam, "Lena Ortega", AUSTIN)
        database.time_passes(minutes=31)
        eventually(lambda: set(network.offers(self.nobody).values()) == {"expired"}, "nobody has it")
        self.claimed = self.refer(self.sam, "Maria Delgado", AUSTIN)
        page = network.page(self.claimed, self.sam)
        page.press("call")
        self.sam.phone.rings().answer().press("1").hears("It's yours").hang_up().is_over()
        self.waiting = [self.refer(self.sam, "Jack Whitfield", WACO), self.refer(self.sam, "Ola Berg", AUSTIN)]
        self.ringing = self.refer(self.priya, "Ana Ruiz", WACO)
        network.page(self.ringing, self.priya).press("call")
        self.priya.phone.rings()

    def refer(self, agent: AgentInTest, name: str, area: dict[str, str]) -> dict[str, str]:
        body = self.network.referral_body(agent_id=agent.id, area=area)
        body["client"] |= {"name": name, "phone": f"+1512556{7100 + len(name) * 7 + ord(name[0])}"}
        body["client"]["email"] = f"{name.split()[1].lower()}@mail.example"
        return self.network.post("/referrals", body).json()  # type: ignore[no-any-return]


@pytest.fixture
def world(network: Network, database: Database) -> World:
    return World(network, database)


@pytest.fixture
def admin(product: Product, world: World) -> Visitor:
    """An admin, signed in."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


@pytest.fixture
def desk(browser: Browser, product: Product, world: World) -> Iterator[Page]:
    """The board in an admin's browser."""
    page, complaints = signed_in(browser, product)
    yield page
    assert complaints == []
    page.context.close()


def listed(page: str) -> list[str]:
    """The ids in the list, in its order."""
    return re.findall(r'id="referral-([0-9a-f-]{36})"', page)


def test_what_nobody_has_comes_first_and_then_what_has_least_time_left(admin: Visitor, world: World) -> None:
    waiting = [one["id"] for one in world.waiting]
    assert listed(admin.get("/admin/").text) == [world.nobody["id"], *waiting, world.ringing["id"]]


def test_counts_are_filters_with_the_oldest_age(admin: Visitor, world: World) -> None:
    words = read_words(admin.get("/admin/").text)
    assert "1 Nobody has it oldest 31 min" in words
    assert "1 Ringing now oldest now" in words
    assert "2 Waiting oldest now" in words
    assert "1 Claimed today" in words
    shows = {
        "nobody": [world.nobody["id"]],
        "ringing": [world.ringing["id"]],
        "waiting": [one["id"] for one in world.waiting],
        "claimed": [world.claimed["id"]],
        "held": [],
    }
    for view, ids in shows.items():
        assert listed(admin.get(f"/admin/?show={view}").text) == ids, view
    assert len(listed(admin.get("/admin/?show=all").text)) == 5
    assert len(listed(admin.get("/admin/?show=nonsense").text)) == 4


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("delgado", ["claimed"]),
        ("MARIA 78704", ["claimed"]),
        ("maria waco", []),
        ("waco", ["ringing", "waiting"]),
        ("767", ["ringing", "waiting"]),
        ("ortega", ["nobody"]),
        ("100%", []),
        ("_", []),
        ("'; --", []),
    ],
)
def test_the_search_finds_by_name_place_and_zip(admin: Visitor, world: World, typed: str, found: list[str]) -> None:
    ids = {"claimed": world.claimed, "ringing": world.ringing, "waiting": world.waiting[0], "nobody": world.nobody}
    page = admin.get("/admin/?" + "q=" + typed.replace(" ", "+").replace("%", "%25"))
    assert listed(page.text) == [ids[name]["id"] for name in found]


def test_the_search_finds_by_phone_email_and_id(admin: Visitor, world: World, network: Network) -> None:
    phone = network.referral(world.claimed["id"])["client"]["phone"]
    assert world.claimed["id"] in listed(admin.get(f"/admin/?q={phone[5:]}").text)
    assert world.claimed["id"] in listed(admin.get(f"/admin/?q={phone[-4:]}").text)
    assert listed(admin.get(f"/admin/?q={world.nobody['id']}").text) == [world.nobody["id"]]
    assert listed(admin.get("/admin/?q=delgado@mail.example").text) == [world.claimed["id"]]
    assert listed(admin.get("/admin/?q=mail.example&show=nobody").text) == [world.nobody["id"]]


def test_who_the_client_is_is_not_shown_until_somebody_asks(admin: Visitor, world: World) -> None:
    for path in ("/admin/?show=all", f"/admin/referrals/{world.claimed['id']}"):
        page = admin.get(path).text
        assert "Delgado" not in page
        assert "M. D." in page
        assert "@mail" not in page
    shown = admin.post(f"/admin/referrals/{world.claimed['id']}/client").text
    assert "Maria Delgado" in shown
    assert "delgado@mail.example" in shown
    assert "boss@network.example was shown the client&#39;s details on the desk" in shown


def test_the_clients_texts_are_shown_once_the_client_is_unmasked(
    admin: Visitor, world: World, network: Network
) -> None:
    path = f"/admin/referrals/{world.claimed['id']}"
    network.client_phone(world.claimed).writes("This is Maria Delgado, call me at work.")
    world.sam.phone.gets_text("texted you")
    assert "The client texted" in admin.get(path).text
    assert "call me at work" not in admin.get(path).text
    assert "call me at work" in admin.post(f"{path}/client").text
    assert "call me at work" in admin.get(f"{path}/timeline").text


def test_a_lane_for_each_agent(admin: Visitor, world: World, browser: Browser, network: Network) -> None:
    page = browser.new_page()
    page.goto(network.link(world.waiting[0], world.sam))
    path = f"/admin/referrals/{world.waiting[0]['id']}"
    row = r"Sam Ortiz \d+:\d\d [AP]M \S+.*? \d+:\d\d [AP]M - open"
    eventually(lambda: re.search(row, read_words(admin.get(path).text)), "told and looked")
    assert re.search(r"Wave 1 ?, \d+:\d\d left", read_words(admin.get(path).text))
    page.close()
    words = read_words(admin.get(f"/admin/referrals/{world.claimed['id']}").text)
    assert re.search(r"Sam Ortiz .* Claimed", words)


def test_more_than_a_page_is_read_on_and_nothing_is_shown_twice(admin: Visitor, world: World, network: Network) -> None:
    for _ in range(PAGE):
        network.refer(agent_id=world.sam.id)
    for view in ("open", "all", "waiting"):
        seen: list[str] = []
        path = f"/admin/?show={view}"
        while path:
            page = admin.get(path).text
            seen += listed(page)
            found = re.search(r'href="(/admin/\?[^"]*after=[^"]+)">More', page)
            path = found[1].replace("&amp;", "&") if found else ""
        assert len(seen) == len(set(seen)) == PAGE + {"open": 4, "all": 5, "waiting": 2}[view], view


def test_a_row_opens_beside_the_list_and_going_back_closes_it(desk: Page, world: World) -> None:
    desk.evaluate("window.here = true")
    row = desk.locator(f"#referral-{world.waiting[1]['id']}")
    row.click()
    expect(desk.get_by_role("article").get_by_role("heading", level=1)).to_have_text("Seller in Austin, 78704")
    expect(row).to_have_attribute("aria-current", "true")
    expect(row).to_be_focused()
    assert desk.url.endswith(f"/admin/referrals/{world.waiting[1]['id']}")
    with desk.expect_response("**/admin/list*"):
        pass
    expect(row).to_have_attribute("aria-current", "true")
    desk.go_back()
    expect(desk.get_by_role("article")).to_have_count(0)
    assert desk.evaluate("window.here") is True


def test_the_search_goes_along_as_it_is_typed_and_stands_in_the_address(desk: Page, world: World) -> None:
    desk.keyboard.press("/")
    desk.keyboard.type("waco")
    rows = desk.locator("#desk-list a.row")
    expect(rows).to_have_count(2)
    desk.wait_for_url("**/admin/?q=waco")
    desk.reload()
    expect(rows).to_have_count(2)
    expect(desk.get_by_role("searchbox")).to_have_value("waco")
    desk.locator(".count.ringing").click()
    expect(rows).to_have_count(1)
    desk.wait_for_url("**/admin/?show=ringing&q=waco")


def test_what_comes_while_the_list_is_read_waits_behind_a_pill(desk: Page, world: World) -> None:
    desk.locator("#desk-list a.row").first.hover()
    world.refer(world.sam, "Tom Nguyen", WACO)
    pill = desk.locator("[data-pill]")
    expect(pill).to_have_text("1 new")
    expect(desk.locator("#desk-list a.row")).to_have_count(4)
    pill.click()
    expect(desk.locator("#desk-list a.row")).to_have_count(5)


def test_the_tab_tells_how_many_nobody_has(desk: Page, world: World) -> None:
    expect(desk).to_have_title("(1) Referrals · Dibs")


def test_keys_go_through_the_rows_and_open_one(desk: Page, world: World) -> None:
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    expect(desk.locator(f"#referral-{world.waiting[0]['id']}")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("article").get_by_role("heading", level=1)).to_have_text("Seller in Waco, 76701")


def test_several_are_chosen_done_with_and_undone(desk: Page, world: World, network: Network) -> None:
    for one in world.waiting:
        desk.locator(f"#line-{one['id']} input").check()
    expect(desk.get_by_text("2 chosen")).to_be_visible()
    with desk.expect_response("**/admin/list*"):
        pass
    expect(desk.locator("#desk-list input:checked")).to_have_count(2)
    desk.get_by_placeholder("Why, in a few words").fill("Sam is ill.")
    desk.locator("[data-bulk]").get_by_role("button", name="Withdraw").click()
    desk.get_by_role("button", name="Undo").click()
    expect(desk.locator(".notice.undo")).to_have_count(0)
    assert {status for one in world.waiting for status in network.offers(one).values()} == {"sent"}


def test_an_action_asks_why_and_can_be_undone(desk: Page, world: World, network: Network) -> None:
    desk.locator(f"#referral-{world.waiting[0]['id']}").click()
    detail = desk.locator("#detail")
    detail.locator("summary", has_text="Withdraw").click()
    detail.locator("details[open]").get_by_label("Why").fill("The client called us.")
    detail.locator("details[open]").get_by_role("button", name="Withdraw").click()
    expect(detail).to_contain_text("The client called us.")
    detail.get_by_role("button", name="Undo").click()
    expect(detail).to_contain_text("chose “Withdraw” and undid it")
    assert set(network.offers(world.waiting[0]).values()) == {"sent"}


def test_on_a_phone_a_referral_is_a_page_of_its_own(browser: Browser, product: Product, world: World) -> None:
    desk, complaints = signed_in(browser, product)
    desk.set_viewport_size({"width": 360, "height": 740})
    desk.goto(f"{product.url}/admin/")
    desk.locator(f"#referral-{world.nobody['id']}").click()
    desk.wait_for_url("**/admin/referrals/*")
    expect(desk.locator("#desk-list")).to_be_hidden()
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    desk.locator("#detail .way-back a").click()
    expect(desk.locator("#desk-list")).to_be_visible()
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []
    desk.context.close()
