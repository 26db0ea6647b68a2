"""The old phone is told, and can take it back."""

from typing import Any

import psycopg

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.phone.number import (
    NEW,
    NEWER,
    OVER,
    changes_number,
    own_phone,
    signs_in,
    types_number,
    words,
)
from tests.support.phone.phone import Phone
from tests.support.world.network import AgentInTest
from tests.support.world.waiting import eventually


def test_the_old_phone_is_told_and_takes_it_back(
    visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone, connection: psycopg.Connection[Any]
) -> None:
    changes_number(visitor, page, new_phone)
    text = sam.phone.gets_text("Dibs now calls the phone ending 9999 for one referral. Not you?")
    assert text.segments == 1
    assert text.link.startswith(f"{visitor.url}/r/")
    page.press("call")
    new_phone.rings()
    for _ in range(3):
        assert visitor.get(text.link).ok
    eventually(lambda: page.phase == "ringing", "the new phone still rings")
    assert "That is your number again." in words(visitor.post(text.link))
    new_phone.is_over("canceled")
    assert page.phase == "offered"
    page.press("call")
    sam.phone.rings()
    for answer in (visitor.get(text.link), visitor.post(text.link)):
        assert (answer.status_code, OVER in words(answer)) == (410, True)
    assert visitor.post(sam.mailbox.gets_mail("your number?").link).status_code == 410
    assert own_phone(connection, sam) == sam.phone.number


def test_a_number_of_ones_own_is_taken_back_too(
    visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone, connection: psycopg.Connection[Any]
) -> None:
    changes_number(visitor, page, new_phone)
    undo = sam.phone.gets_text("Undo").link
    visitor.post(sam.mailbox.gets_mail("your number?").link)
    assert own_phone(connection, sam) == NEW
    assert visitor.post(undo).ok
    assert own_phone(connection, sam) == sam.phone.number


def test_taking_it_back_undoes_all_that_came_by_the_link_and_the_link_cannot_begin_again(
    visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone, carrier: Carrier
) -> None:
    changes_number(visitor, page, new_phone)
    first = sam.phone.gets_text("ending 9999").link
    changes_number(visitor, page, carrier.phone(NEWER))
    second = sam.phone.gets_text("ending 9998").link
    assert visitor.post(first).ok
    assert visitor.post(second).status_code == 410
    assert "We'll call (512) 555-" + sam.phone.number[-4:] in page.words
    assert "was taken back" in words(types_number(visitor, page))
    signs_in(visitor, sam)
    assert types_number(visitor, page).url.endswith("/number/code")
