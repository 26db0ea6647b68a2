"""The code on the new phone: by text or read out by a call, how often, for how long, and how many tries."""

import re
from typing import Any

import psycopg

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.phone.number import (
    NEW,
    NEWER,
    WRONG_CODE,
    code_in,
    later,
    types_code,
    types_number,
    wait_for_messages,
    words,
)
from tests.support.phone.phone import Phone
from tests.support.world.waiting import eventually


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
