"""What becomes of calls when the number changes: those before are history, and the next one goes to the new phone."""

import requests

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.phone.number import changes_number, types_number
from tests.support.phone.phone import Phone
from tests.support.world.network import AgentInTest, Network
from tests.support.world.waiting import eventually


def test_calls_to_the_number_before_are_history(
    visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone, network: Network
) -> None:
    for _ in range(2):
        page.press("call")
        sam.phone.rings().decline()
        eventually(lambda: page.phase in ("missed", "pin"), "the page says that nobody was reached")
    assert page.phase == "pin"
    changes_number(visitor, page, new_phone)
    assert page.phase == "offered"
    page.press("call")
    new_phone.rings().decline()
    eventually(lambda: page.phase == "missed", "it is the first miss of the new number")
    page.press("call")
    new_phone.rings().answer().press("1").hears("It's yours")


def test_a_call_to_the_wrong_phone_ends_when_the_number_changes(
    visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone
) -> None:
    page.press("call")
    sam.phone.rings()
    changes_number(visitor, page, new_phone)
    sam.phone.is_over("canceled")
    assert page.phase == "offered"
    page.press("call")
    new_phone.rings()


def test_an_open_page_hears_of_it_by_its_next_poll(visitor: Visitor, page: Page, new_phone: Phone) -> None:
    panel = requests.get(f"{page.link}/panel", timeout=10)
    tag = {"HX-PTag": panel.headers["HX-PTag"]}
    assert requests.get(f"{page.link}/panel", headers=tag, timeout=10).status_code == 304
    changes_number(visitor, page, new_phone)
    again = requests.get(f"{page.link}/panel", headers=tag, timeout=10)
    assert (again.status_code, "(512) 555-9999" in again.text) == (200, True)
    tag = {"HX-PTag": again.headers["HX-PTag"]}
    assert requests.get(f"{page.link}/panel", headers=tag, timeout=10).status_code == 304


def test_calling_back_from_the_new_phone_is_the_menu_of_this_offer(
    visitor: Visitor, page: Page, new_phone: Phone
) -> None:
    changes_number(visitor, page, new_phone)
    page.press("call")
    new_phone.rings().decline()
    eventually(lambda: page.phase == "missed", "the page says that we could not reach them")
    new_phone.calls_us().hears("A seller in Austin").press("1").hears("It's yours")


def test_the_way_back_to_ones_own_number_needs_no_code(
    visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone
) -> None:
    changes_number(visitor, page, new_phone)
    assert types_number(visitor, page, sam.phone.number).url == page.link
    page.press("call")
    sam.phone.rings()
