"""Not your number: another phone, a code on it, and who has to agree before it is more than this offer's phone."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import redis
import requests
from playwright.sync_api import Browser, expect

from tests.conftest import flask
from tests.support.browser import Visitor
from tests.support.carrier import Carrier, Phone
from tests.support.chromium import SIZES, opened_page, picture
from tests.support.network import AgentInTest, Network
from tests.support.page import Page
from tests.support.product import Product
from tests.support.waiting import eventually

NEW, NEWER = "+15125559999", "+15125559998"
WRONG_CODE = "That is not the code."
OVER = "This link doesn't work any more."


@pytest.fixture
def connection(product: Product) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(product.env["DATABASE_URL"].replace("+psycopg", ""), autocommit=True) as made:
        yield made


@pytest.fixture(autouse=True)
def nothing_from_before(product: Product, network: Network, connection: psycopg.Connection[Any]) -> Iterator[None]:
    """All tests come from one address, and type one number: no limit and no late text of one goes into the next."""
    with redis.from_url(product.env["REDIS_URL"]) as limits:
        for key in limits.scan_iter("*LIMITER*"):
            limits.delete(key)
    yield
    wait_for_messages(connection)


@pytest.fixture
def sam(network: Network) -> AgentInTest:
    return network.add_agent("Sam Ortiz")


@pytest.fixture
def page(network: Network, sam: AgentInTest) -> Page:
    """The claim page of an offer to Sam."""
    network.refer(agent_id=sam.id)
    return Page(sam.phone.gets_text().link)


@pytest.fixture
def new_phone(carrier: Carrier) -> Phone:
    return carrier.phone(NEW)


@pytest.fixture
def visitor(product: Product) -> Visitor:
    """Whoever has the link, not signed in."""
    return Visitor(product.url)


def wait_for_messages(connection: psycopg.Connection[Any]) -> None:
    """Until all have gone out."""
    under_way = "SELECT id FROM notification WHERE status IN ('queued', 'sending')"
    eventually(lambda: connection.execute(under_way.encode()).fetchone() is None, "nothing is under way")


def words(answer: requests.Response) -> str:
    return answer.text.replace("&#39;", "'")


def types_number(visitor: Visitor, page: Page, phone: str = "(512) 555-9999") -> requests.Response:
    return visitor.post(f"{page.link}/number", phone=phone)


def types_code(visitor: Visitor, page: Page, code: str) -> requests.Response:
    return visitor.post(f"{page.link}/number/code", code=code)


def code_in(text: str) -> str:
    found = re.match(r"([0-9]{6}) is your Dibs code", text)
    assert found is not None, text
    return found[1]


def changes_number(visitor: Visitor, page: Page, new_phone: Phone) -> None:
    """The whole way: number, text, code."""
    assert types_number(visitor, page, new_phone.number).url.endswith("/number/code")
    answer = types_code(visitor, page, code_in(new_phone.gets_text("code").body))
    assert answer.url == page.link, words(answer)


def signs_in(visitor: Visitor, agent: AgentInTest) -> Visitor:
    visitor.post("/sign-in", email=agent.email)
    return visitor.signs_in(agent.mailbox.gets_mail("sign-in link").link)


def own_phone(connection: psycopg.Connection[Any], agent: AgentInTest) -> str:
    (phone,) = connection.execute("SELECT phone FROM agent WHERE id = %s", (agent.id,)).fetchone() or ("",)
    return str(phone)


def later(connection: psycopg.Connection[Any], seconds: int) -> None:
    """So much time passes for every change of number."""
    for moment in ("sent_at", "called_at", "expires_at", "proven_at", "created_at"):
        connection.execute(f"UPDATE number_change SET {moment} = {moment} - interval '{seconds} seconds'".encode())


# The way there


def test_a_code_by_text_and_the_new_phone_rings(
    visitor: Visitor, page: Page, new_phone: Phone, carrier: Carrier
) -> None:
    assert "Not your number" in page.words
    assert "Which number?" in words(visitor.get(f"{page.link}/number"))
    asked = types_number(visitor, page)
    assert "We texted six digits to" in words(asked)
    assert "(512) 555-9999" in words(asked)
    text = new_phone.gets_text("code")
    assert text.segments == 1
    back = types_code(visitor, page, code_in(text.body))
    assert (back.url, "We'll call <b>(512) 555-9999</b>" in words(back)) == (page.link, True)
    assert page.phase == "offered"
    page.press("call")
    new_phone.rings().answer().press("1").hears("It's yours. Connecting you to Maria")
    assert carrier.calls_placed() == 1


def test_a_code_read_out_by_a_call(
    visitor: Visitor, page: Page, new_phone: Phone, connection: psycopg.Connection[Any], carrier: Carrier
) -> None:
    types_number(visitor, page)
    code = code_in(new_phone.gets_text("code").body)
    answer = visitor.post(f"{page.link}/number/call")
    assert "We are calling" in words(answer)
    new_phone.rings().answer().hears("Dibs here. Your code is").hears("Once more").hears("Goodbye").is_over()
    (call,) = [c for c in carrier.state()["calls"] if c["phone"] == NEW]
    said = [line["text"] for line in call["transcript"] if line["who"] == "voice"]
    assert said[0] == "Dibs here. Your code is:"
    assert [line for line in said if line.isdigit()] == [*code, *code]
    assert types_code(visitor, page, code).url == page.link


def test_a_call_whose_fate_is_unknown_is_not_made_again(
    visitor: Visitor, page: Page, new_phone: Phone, connection: psycopg.Connection[Any], carrier: Carrier
) -> None:
    types_number(visitor, page)
    new_phone.gets_text("code")
    carrier.behaves(rest_errors=[500])
    visitor.post(f"{page.link}/number/call")
    failed = "SELECT count(*) FROM notification WHERE channel = 'voice' AND status = 'failed'"
    eventually(lambda: connection.execute(failed.encode()).fetchone() == (1,), "the call counts as failed")
    assert len(carrier.requests("POST", "/Calls.json")) <= 1
    later(connection, 31)
    visitor.post(f"{page.link}/number/call")
    new_phone.rings()


def test_a_call_whose_worker_died_is_not_made_again(
    visitor: Visitor, page: Page, new_phone: Phone, connection: psycopg.Connection[Any], carrier: Carrier
) -> None:
    types_number(visitor, page)
    visitor.post(f"{page.link}/number/call")
    new_phone.rings()
    voice = "FROM notification WHERE channel = 'voice'"
    eventually(lambda: connection.execute(f"SELECT id {voice} AND status = 'sent'".encode()).fetchone(), "it is sent")
    connection.execute(
        "UPDATE notification SET status = 'sending', provider_id = NULL, taken_at = now() - interval '1 minute'"
        " WHERE channel = 'voice'"
    )
    over = f"SELECT error_code {voice} AND status = 'failed'".encode()
    eventually(lambda: connection.execute(over).fetchone() == ("never-heard-of",), "it counts as failed")
    assert carrier.calls_placed() == 1


def test_the_call_with_the_code_is_never_taken_for_the_call_to_claim(
    visitor: Visitor, page: Page, new_phone: Phone, connection: psycopg.Connection[Any], carrier: Carrier
) -> None:
    types_number(visitor, page)
    visitor.post(f"{page.link}/number/call")
    new_phone.rings().answer().hears("Goodbye").is_over()
    types_code(visitor, page, code_in(new_phone.gets_text("code").body))
    wait_for_messages(connection)
    carrier.behaves(vanish=1, lose=["all"])
    page.press("call")
    new_phone.rings()
    adopted = eventually(
        lambda: connection.execute("SELECT sid FROM call WHERE sid IS NOT NULL").fetchone(), "the call is found"
    )
    ringing = [call["sid"] for call in carrier.state()["calls"] if call["status"] == "ringing"]
    assert [*adopted] == ringing


def test_people_type_codes_with_a_gap_and_letters_are_no_try(
    visitor: Visitor, page: Page, new_phone: Phone, connection: psycopg.Connection[Any]
) -> None:
    types_number(visitor, page)
    code = code_in(new_phone.gets_text("code").body)
    for nonsense in ("", "12345", "letter", "٤٨٢٩١٣"):
        answer = types_code(visitor, page, nonsense)
        assert (answer.status_code, "The code has six digits." in words(answer)) == (422, True)
    assert connection.execute("SELECT tries FROM number_change").fetchone() == (0,)
    assert types_code(visitor, page, f"{code[:3]} {code[3:]}").url == page.link


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


# What is refused


def test_five_wrong_codes_and_the_right_one_is_worth_nothing(visitor: Visitor, page: Page, new_phone: Phone) -> None:
    types_number(visitor, page)
    code = code_in(new_phone.gets_text("code").body)
    wrong = "000000" if code != "000000" else "111111"
    for left in ("4 more tries", "3 more tries", "2 more tries", "1 more try"):
        answer = types_code(visitor, page, wrong)
        assert answer.status_code == 422
        assert f"{WRONG_CODE} {left}." in words(answer)
    assert "Those were five wrong codes." in words(types_code(visitor, page, wrong))
    answer = types_code(visitor, page, code)
    assert (answer.status_code, "Begin again" in words(answer)) == (422, True)
    assert visitor.get(f"{page.link}/number/code").url.endswith("/number")


def test_a_code_is_good_for_ten_minutes(
    visitor: Visitor, page: Page, new_phone: Phone, connection: psycopg.Connection[Any]
) -> None:
    types_number(visitor, page)
    code = code_in(new_phone.gets_text("code").body)
    later(connection, 9 * 60)
    visitor.post(f"{page.link}/number/again")
    later(connection, 61)
    answer = types_code(visitor, page, code)
    assert (answer.status_code, "good for ten minutes" in words(answer)) == (422, True)
    answer = visitor.post(f"{page.link}/number/again")
    assert (answer.status_code, "good for ten minutes" in words(answer)) == (422, True)


def test_the_same_code_again_after_30_seconds(
    visitor: Visitor, page: Page, new_phone: Phone, connection: psycopg.Connection[Any]
) -> None:
    types_number(visitor, page)
    first = new_phone.gets_text("code").body
    answer = visitor.post(f"{page.link}/number/again")
    assert answer.status_code == 429
    assert re.search(r"You can ask again in (30|29|28|27) s\.", words(answer))
    later(connection, 31)
    assert visitor.post(f"{page.link}/number/again").url.endswith("/number/code")
    eventually(lambda: new_phone.texts("code") == [first, first], "the same code once more")
    assert visitor.post(f"{page.link}/number/again").status_code == 429
    assert types_code(visitor, page, code_in(first)).url == page.link


def test_another_number_typed_makes_the_first_code_void(
    visitor: Visitor, page: Page, new_phone: Phone, carrier: Carrier
) -> None:
    types_number(visitor, page)
    first = code_in(new_phone.gets_text("code").body)
    types_number(visitor, page, NEWER)
    second = code_in(carrier.phone(NEWER).gets_text("code").body)
    if first != second:
        assert WRONG_CODE in words(types_code(visitor, page, first))
    types_code(visitor, page, second)
    page.press("call")
    carrier.phone(NEWER).rings()


def test_six_codes_an_hour_and_no_more(visitor: Visitor, page: Page, connection: psycopg.Connection[Any]) -> None:
    for number in range(6):
        assert types_number(visitor, page, f"(512) 555-99{number}0").url.endswith("/code")
    answer = types_number(visitor, page)
    assert (answer.status_code, "Those were a lot of codes." in words(answer)) == (429, True)
    later(connection, 31)
    for way in ("again", "call"):
        answer = visitor.post(f"{page.link}/number/{way}")
        assert (answer.status_code, "Those were a lot of codes." in words(answer)) == (429, True)
    assert connection.execute("SELECT count(*) FROM notification WHERE kind = 'number_code'").fetchone() == (6,)


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


# What the new number is good for


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


# The old phone


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


# In a browser


@pytest.mark.parametrize("size", SIZES)
def test_in_a_browser(browser: Browser, page: Page, connection: psycopg.Connection[Any], size: str) -> None:
    tab, complaints = opened_page(browser, page.link, size)
    claim = tab.get_by_role("button", name="Call me to Claim Referral").bounding_box()
    tab.get_by_role("link", name="Not your number").click()
    expect(tab.get_by_label("Phone")).to_be_focused()
    text_me = tab.get_by_role("button", name="Text me a code")
    box = text_me.bounding_box()
    assert claim is not None
    assert box is not None
    assert box["height"] >= 56
    assert size == "phone" or abs(box["y"] - claim["y"]) < 2
    picture(tab, f"number-{size}")

    tab.get_by_label("Phone").fill("512 555 9999")
    text_me.click()
    expect(tab.get_by_label("Code")).to_be_focused()
    again = tab.get_by_role("button", name=re.compile("Send it again"))
    expect(again).to_be_disabled()
    later(connection, 27)
    tab.reload()
    picture(tab, f"number-code-{size}")
    expect(again).to_be_enabled()
    (code,) = connection.execute("SELECT code FROM number_change").fetchone() or ("",)
    tab.get_by_label("Code").fill(str(code))
    tab.keyboard.press("Enter")  # what it presses is the main button, not one of the quiet ones
    expect(tab.locator(".rings-at b")).to_have_text("(512) 555-9999")
    assert complaints == []
    tab.context.close()
