"""New agents are asked to see that they can be reached, and led through it; they may put it off."""

import pytest

from tests.support.browser.portal import Portal
from tests.support.world.database import Database
from tests.support.world.product import Product

pytestmark = pytest.mark.usefixtures("nothing_delivered")
NOTICE = "See that we can reach you."


def checked(database: Database) -> bool:
    ((at,),) = database.rows("SELECT reach_checked_at FROM agent")
    return at is not None


def test_who_has_never_checked_is_asked_and_led_through_in_steps(portal: Portal, database: Database) -> None:
    page = portal.visitor.get("/referrals").text
    assert NOTICE in page
    assert 'href="/channels?first=1"' in page
    steps = portal.visitor.get("/channels?first=1").text
    at = [steps.index(f'id="{step}"') for step in ("sms", "email", "push", "voice", "contact")]
    assert at == sorted(at)
    assert "<ol" in steps
    assert portal.visitor.post("/channels/sms/test", first="1").url.endswith("/channels?first=1#sms")
    assert not checked(database), "looking and testing is not yet being done"
    assert NOTICE not in portal.visitor.post("/channels/done").text
    assert checked(database)


def test_later_puts_it_off_in_this_browser(portal: Portal, product: Product, database: Database) -> None:
    assert NOTICE not in portal.visitor.post("/channels/later").text
    assert NOTICE not in portal.visitor.get("/referrals").text
    assert not checked(database)
    elsewhere = Portal(product.url, database, portal.agent).signs_in()
    assert NOTICE in elsewhere.visitor.get("/referrals").text


def test_our_numbers_as_a_contact(portal: Portal) -> None:
    answer = portal.visitor.get("/our-number.vcf")
    assert answer.headers["Content-Type"] == "text/vcard; charset=utf-8"
    lines = answer.text.split("\r\n")
    assert (lines[0], lines[1], lines[-2], lines[-1]) == ("BEGIN:VCARD", "VERSION:3.0", "END:VCARD", "")
    assert "FN:Dibs" in lines
    assert [entry.rpartition(":")[2] for entry in lines if entry.startswith("TEL")] == ["+15125550100", "+15125550101"]
    assert 'href="/our-number.vcf"' in portal.visitor.get("/channels").text
