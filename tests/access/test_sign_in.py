"""A sign-in link: who opens it, who taps its button, and when it is over. The portal behind it: test_portal.py."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import requests

from tests.support.browser.browser import Visitor
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product

OVER = "This link doesn't work any more."
DESK = "/admin/"


@pytest.fixture
def visitor(product: Product) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(product.url)


@pytest.fixture
def link(product: Product, network: Network) -> str:
    """An admin's link, not used yet."""
    return flask(product, "admins", "create", "boss@network.example").strip()


@pytest.fixture
def connection(product: Product) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(product.env["DATABASE_URL"].replace("+psycopg", ""), autocommit=True) as made:
        yield made


def is_signed_in(visitor: Visitor) -> bool:
    return "/sign-in" not in visitor.get(DESK).url


def says_it_is_over(answer: requests.Response) -> bool:
    """A plain page, without a hint at whose link it was, and with a way on."""
    page = answer.text.replace("&#39;", "'")
    assert "Traceback" not in page
    assert "boss@network.example" not in page
    return OVER in page and 'href="/sign-in"' in page


def expire(connection: psycopg.Connection[Any]) -> None:
    connection.execute("UPDATE sign_in_link SET expires_at = now() - interval '1 second'")


def ask_for_link(visitor: Visitor, agent: AgentInTest) -> str:
    assert visitor.post("/sign-in", email=agent.email).ok
    return agent.mailbox.gets_mail("sign-in link").link


def test_opening_a_link_signs_nobody_in_and_its_button_does(visitor: Visitor, link: str) -> None:
    opened = visitor.get(link)
    assert (opened.status_code, opened.headers["Cache-Control"]) == (200, "no-store")
    assert re.search(r'<form method="post" action="/sign-in/[\w-]{36}">', opened.text)
    assert not is_signed_in(visitor)
    assert visitor.post(link).url.endswith(DESK)
    assert is_signed_in(visitor)


def test_a_link_works_once(visitor: Visitor, product: Product, link: str) -> None:
    visitor.signs_in(link)
    for again in (visitor, Visitor(product.url)):
        for answer in (again.get(link), again.post(link)):
            assert answer.status_code == 410
            assert says_it_is_over(answer)
    assert is_signed_in(visitor)


def test_of_many_taps_at_once_one_signs_in(product: Product, link: str) -> None:
    visitors = [Visitor(product.url) for _ in range(6)]
    with ThreadPoolExecutor(len(visitors)) as pool:
        answers = list(pool.map(lambda each: each.post(link).status_code, visitors))
    assert sorted(answers) == [200] + [410] * 5
    assert sum(is_signed_in(each) for each in visitors) == 1


def test_an_expired_link_is_over(visitor: Visitor, link: str, connection: psycopg.Connection[Any]) -> None:
    expire(connection)
    for answer in (visitor.get(link), visitor.post(link)):
        assert answer.status_code == 410
        assert says_it_is_over(answer)
    assert not is_signed_in(visitor)


def test_a_link_that_expires_while_its_page_is_open_is_over(
    visitor: Visitor, link: str, connection: psycopg.Connection[Any]
) -> None:
    assert visitor.get(link).ok
    expire(connection)
    assert visitor.post(link).status_code == 410
    assert not is_signed_in(visitor)


def test_a_link_lasts_half_an_hour(link: str, connection: psycopg.Connection[Any]) -> None:
    lasts = connection.execute("SELECT round(extract(epoch FROM expires_at - now()) / 60) FROM sign_in_link").fetchall()
    assert [int(minutes) for (minutes,) in lasts] == [30]


def test_a_link_that_was_altered_reads_like_one_that_is_over(visitor: Visitor, link: str) -> None:
    swapped = link[:-1] + ("A" if link[-1] != "A" else "B")
    for bad in (swapped, link[:-5], link + "x"):
        for answer in (visitor.get(bad), visitor.post(bad)):
            assert answer.status_code == 404
            assert says_it_is_over(answer)
    assert not is_signed_in(visitor)
    assert visitor.get(link).ok


def test_the_link_of_an_offer_is_no_sign_in_link(visitor: Visitor, network: Network) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    token = sam.phone.gets_text().link.rpartition("/")[2]
    assert visitor.get(f"/sign-in/{token}").status_code == 404
    assert visitor.post(f"/sign-in/{token}").status_code == 404
    assert not is_signed_in(visitor)


def test_another_site_cannot_spend_a_link(visitor: Visitor, link: str) -> None:
    for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert requests.post(link, headers=headers, timeout=10).status_code == 403
    assert is_signed_in(visitor.signs_in(link))


def test_a_new_link_leaves_the_one_before_it_alone(
    visitor: Visitor, network: Network, product: Product, connection: psycopg.Connection[Any]
) -> None:
    sam = network.add_agent()
    link = ask_for_link(visitor, sam)
    assert visitor.post("/sign-in", email=sam.email.upper()).ok
    assert connection.execute("SELECT count(*) FROM sign_in_link").fetchone() == (2,)
    assert "Your referrals" in visitor.signs_in(link).get("/referrals").text
