"""What a change of number leaves at the desk, and what it does not leave in the log."""

import re

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.phone.number import NEW, changes_number, code_in, types_code, types_number, words
from tests.support.phone.phone import Phone
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest
from tests.support.world.product import Product


def test_the_desk_shows_what_happened(
    visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone, product: Product
) -> None:
    changes_number(visitor, page, new_phone)
    visitor.post(sam.phone.gets_text("Undo").link)
    boss = Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())
    found = re.search(r"/admin/referrals/[0-9a-f-]{36}", boss.get("/admin/").text)
    assert found is not None
    desk = words(boss.get(found[0]))
    for told in (
        "Sam Ortiz changed the number for this referral",
        "Sam Ortiz's old phone took the new number back",
        "Text to Sam Ortiz with the code for a new number",
        "Text to Sam Ortiz that the number was changed",
        "Email to Sam Ortiz asking whether to keep the new number",
    ):
        assert told in desk
    assert "555-9999" not in desk


def test_no_log_line_has_a_phone_or_a_code(visitor: Visitor, page: Page, new_phone: Phone, product: Product) -> None:
    types_number(visitor, page)
    code = code_in(new_phone.gets_text("code").body)
    types_code(visitor, page, code)
    visitor.get(page.link)
    log = product.log_path.read_text(errors="replace")
    assert NEW not in log
    assert page.link.rpartition("/")[2] not in log
    assert not re.search(rf"\b{code}\b", log)
