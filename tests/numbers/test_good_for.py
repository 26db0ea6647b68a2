"""What the new number is good for: this offer, until its agent says that it is theirs."""

import re
from typing import Any

import psycopg

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.phone.number import NEW, OVER, changes_number, later, own_phone, signs_in, words
from tests.support.phone.phone import Phone
from tests.support.world.network import AgentInTest, Network
from tests.support.world.waiting import eventually


def test_from_a_link_it_serves_this_offer_only(
    visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone, network: Network
) -> None:
    changes_number(visitor, page, new_phone)
    network.refer(agent_id=sam.id, area={"city": "Waco", "state": "TX", "zip": "76701"})
    other = Page(sam.phone.gets_text("Seller in Waco").link)
    assert "555-9999" not in other.words
    other.press("call")
    sam.phone.rings().answer().hears("A seller in Waco")


def test_the_email_makes_it_the_agents_own(
    visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone, connection: psycopg.Connection[Any]
) -> None:
    changes_number(visitor, page, new_phone)
    before = own_phone(connection, sam)
    mail = sam.mailbox.gets_mail("Make (512) 555-9999 your number?")
    assert mail.link.startswith(f"{visitor.url}/n/")
    for _ in range(3):  # a mail scanner
        assert "Make it my number" in words(visitor.get(mail.link))
    assert own_phone(connection, sam) == before
    assert "It is your number for all referrals now." in words(visitor.post(mail.link))
    assert own_phone(connection, sam) == NEW
    for answer in (visitor.get(mail.link), visitor.post(mail.link)):
        assert (answer.status_code, OVER in words(answer)) == (410, True)
    page.press("call")
    new_phone.rings()


def test_the_email_is_worth_nothing_after_24_hours_or_altered(
    visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone, connection: psycopg.Connection[Any]
) -> None:
    changes_number(visitor, page, new_phone)
    link, undo = sam.mailbox.gets_mail("your number?").link, sam.phone.gets_text("Undo").link
    for good in (link, undo):
        swapped = good[:-1] + ("A" if good[-1] != "A" else "B")
        mixed = good.replace("/n/", "/x/").replace("/r/", "/n/").replace("/x/", "/r/")
        for bad in (swapped, good[:-5], mixed):
            for answer in (visitor.get(bad), visitor.post(bad)):
                assert (answer.status_code, OVER in words(answer)) == (404, True)
    later(connection, 24 * 3600 + 1)
    for answer in (visitor.get(link), visitor.post(link), visitor.get(undo), visitor.post(undo)):
        assert (answer.status_code, OVER in words(answer)) == (410, True)
    assert own_phone(connection, sam) == sam.phone.number


def test_the_email_after_another_agent_took_the_number(
    visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone, network: Network
) -> None:
    changes_number(visitor, page, new_phone)
    network.add_agent("Priya Raman", phone=NEW)
    answer = visitor.post(sam.mailbox.gets_mail("your number?").link)
    assert (answer.status_code, "This number can't be used." in words(answer)) == (409, True)


def test_signed_in_it_is_the_agents_own_at_once(
    visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone, connection: psycopg.Connection[Any]
) -> None:
    signs_in(visitor, sam)
    for _ in range(2):
        page.press("call")
        sam.phone.rings().decline()
        eventually(lambda: page.phase in ("missed", "pin"), "the page says that nobody was reached")
    assert "your number for all referrals" in words(visitor.get(f"{page.link}/number"))
    changes_number(visitor, page, new_phone)
    assert own_phone(connection, sam) == NEW
    assert page.phase == "offered"
    assert sam.phone.gets_text("Dibs now calls the phone ending 9999. Not you?").segments == 1
    assert not sam.mailbox.mails("your number?")
    page.press("call")
    new_phone.rings()
    assert "for all referrals?" not in visitor.get("/referrals").text


def test_signed_in_as_somebody_else_it_is_only_a_link(
    visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone, network: Network
) -> None:
    signs_in(visitor, network.add_agent("Priya Raman"))
    changes_number(visitor, page, new_phone)
    assert "for one referral" in sam.phone.gets_text("ending 9999").body
    assert sam.mailbox.gets_mail("your number?")
    assert "for all referrals?" not in visitor.get("/referrals").text


def portals_button(visitor: Visitor) -> str:
    """Where the portal's question leads."""
    portal = visitor.get("/referrals").text
    assert "Use <b>(512) 555-9999</b> for all referrals?" in portal
    found = re.search(r'action="(/number/[0-9a-f-]{36}/confirm)"', portal)
    assert found is not None
    return found[1]


def test_signing_in_adopts_nothing_and_the_portal_asks(
    visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone, connection: psycopg.Connection[Any]
) -> None:
    changes_number(visitor, page, new_phone)
    button = portals_button(signs_in(visitor, sam))
    assert own_phone(connection, sam) == sam.phone.number
    assert visitor.post(button).url.endswith("/referrals")
    assert own_phone(connection, sam) == NEW
    assert "for all referrals?" not in visitor.get("/referrals").text
    assert visitor.post(button).status_code == 404


def test_nobody_else_can_answer_the_portals_question(
    visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone, network: Network
) -> None:
    changes_number(visitor, page, new_phone)
    button = portals_button(signs_in(visitor, sam))
    priyas = signs_in(Visitor(visitor.url), network.add_agent("Priya Raman"))
    assert priyas.post(button).status_code == 404
    assert "/sign-in" in Visitor(visitor.url).post(button).url
    assert portals_button(visitor) == button


def test_the_portal_says_when_another_agent_took_the_number(
    visitor: Visitor, page: Page, sam: AgentInTest, new_phone: Phone, network: Network
) -> None:
    changes_number(visitor, page, new_phone)
    button = portals_button(signs_in(visitor, sam))
    network.add_agent("Priya Raman", phone=NEW)
    answer = visitor.post(button)
    assert (answer.status_code, "This number can't be used." in words(answer)) == (422, True)
