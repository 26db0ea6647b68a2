"""The steps of changing a number: what is typed, what is texted, and who opens which link."""

import re
from typing import Any

import psycopg
import requests

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.phone.phone import Phone
from tests.support.world.network import AgentInTest
from tests.support.world.waiting import eventually

NEW, NEWER = "+15125559999", "+15125559998"
WRONG_CODE = "That is not the code."
OVER = "This link doesn't work any more."


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
