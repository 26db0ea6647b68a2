"""Numbers that are refused, and links with which no number can be changed."""

from typing import Any

import psycopg
import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.phone.number import NEW, OVER, changes_number, code_in, types_code, types_number, words
from tests.support.phone.phone import Phone
from tests.support.world.network import AgentInTest, Network


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("+44 20 7946 0958", "Only numbers of US and CA can be reached."),
        ("+1 876 555 0123", "Only numbers of US and CA can be reached."),
        ("900 555 0123", "Premium-rate numbers cannot be used."),
        ("900 223 4567", "Premium-rate numbers cannot be used."),
        ("call me", "This is not a phone number."),
        ("", "This is not a phone number."),
        ("(512) 555-0100", "This number can't be used."),  # our own
    ],
)
def test_numbers_that_cannot_be_reached_get_no_code(
    visitor: Visitor, page: Page, connection: psycopg.Connection[Any], typed: str, said: str
) -> None:
    answer = types_number(visitor, page, typed)
    assert (answer.status_code, said in words(answer)) == (422, True)
    assert 'aria-invalid="true" aria-describedby="phone-wrong"' in answer.text
    assert connection.execute("SELECT count(*) FROM number_change").fetchone() == (0,)


def test_the_number_we_call_already(visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone) -> None:
    assert "already the number we call" in words(types_number(visitor, page, sam.phone.number))
    changes_number(visitor, page, new_phone)
    assert "already the number we call" in words(types_number(visitor, page))


def test_another_agents_number_is_refused_without_saying_whose(
    visitor: Visitor, page: Page, network: Network, new_phone: Phone
) -> None:
    priya = network.add_agent("Priya Raman")
    network.refer(agent_id=priya.id)
    changes_number(visitor, Page(priya.phone.gets_text().link), new_phone)
    answers = [types_number(visitor, page, number) for number in (priya.phone.number, NEW)]
    for answer in answers:
        assert (answer.status_code, "This number can't be used." in words(answer)) == (422, True)
        assert "Priya" not in answer.text


def test_a_number_that_becomes_another_agents_in_between_is_refused(
    visitor: Visitor, page: Page, network: Network, new_phone: Phone
) -> None:
    types_number(visitor, page)
    code = code_in(new_phone.gets_text("code").body)
    network.add_agent("Priya Raman", phone=NEW)
    assert "This number can't be used." in words(types_code(visitor, page, code))
    assert "(512) 555-9999" not in page.words


def test_what_is_over_has_no_number_to_change(
    visitor: Visitor, page: Page, sam: AgentInTest, connection: psycopg.Connection[Any], new_phone: Phone
) -> None:
    types_number(visitor, page)
    code = code_in(new_phone.gets_text("code").body)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    for path in ("number", "number/code"):
        assert visitor.get(f"{page.link}/{path}").url == page.link
    for path in ("number", "number/code", "number/again", "number/call"):
        assert visitor.post(f"{page.link}/{path}", phone=NEW, code=code).url == page.link
    assert connection.execute("SELECT phone FROM offer").fetchone() == (None,)


def test_opening_the_pages_changes_nothing(visitor: Visitor, page: Page, connection: psycopg.Connection[Any]) -> None:
    for path in ("number", "number/code"):
        assert visitor.get(f"{page.link}/{path}").ok
    assert connection.execute("SELECT count(*) FROM number_change").fetchone() == (0,)
    swapped = page.link[:-1] + ("A" if page.link[-1] != "A" else "B")
    answer = visitor.get(f"{swapped}/number")
    assert (answer.status_code, OVER in words(answer)) == (404, True)


@pytest.mark.parametrize("asked", ["again", "call"])
def test_a_tab_loaded_again_after_a_refusal_is_where_the_code_is_typed(
    visitor: Visitor, page: Page, new_phone: Phone, asked: str
) -> None:
    types_number(visitor, page)
    new_phone.gets_text()
    answers = [visitor.post(f"{page.link}/number/{asked}").status_code for _ in range(2)]
    assert answers[-1] == 429, "it was asked for a moment ago"
    answer = visitor.get(f"{page.link}/number/{asked}")
    assert (answer.status_code, answer.url.endswith("/number/code")) == (200, True)
