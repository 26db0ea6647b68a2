"""The desk's lists of agents and teams stay a page long, however many there are, and are searched."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode

import psycopg
import pytest

from app.admin.paging import PAGE
from tests.support.browser.browser import Visitor
from tests.support.world.commands import flask
from tests.support.world.network import Network
from tests.support.world.product import Product

MANY = 2 * PAGE + 30
FILL = """
WITH team_made AS (INSERT INTO team (id, name, created_at)
       SELECT gen_random_uuid(), 'Team ' || n, now() FROM generate_series(1, %(many)s) n RETURNING id, name),
     account_made AS (INSERT INTO account (id, email, session_key, is_admin, created_at)
       SELECT gen_random_uuid(), 'agent' || n || '@agents.example', gen_random_uuid(), false, now()
       FROM generate_series(1, %(many)s) n RETURNING id, email)
INSERT INTO agent (id, account_id, team_id, name, phone, time_zone, takes_buyers, takes_sellers, created_at)
SELECT gen_random_uuid(), account_made.id, team_made.id,
       CASE WHEN n = 7 THEN 'Ola_f 100%% Berg' ELSE 'Sam Ortiz' END, '+1512555' || 3000 + n, 'America/Chicago',
       true, true, now()
FROM generate_series(1, %(many)s) n
JOIN team_made ON team_made.name = 'Team ' || n
JOIN account_made ON account_made.email = 'agent' || n || '@agents.example'
"""
"""Most of them have one name, so that pages end among equals."""
ROW = re.compile(r'<th scope="row"><a href="([^"]+)">([^<]*)')


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    """An admin of a large network."""
    with psycopg.connect(product.env["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")) as connection:
        connection.execute(FILL, {"many": MANY})
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


def pages(admin: Visitor, path: str) -> Iterator[list[str]]:
    """The rows of each page, until no link leads on."""
    following: str | None = path
    while following is not None:
        text = admin.get(following).text
        yield [href for href, _ in ROW.findall(text)]
        link = re.search(r'class="more-link"><a href="([^"]+)"', text)
        following = unescape(link[1]) if link else None


def test_all_are_reached_a_page_at_a_time(admin: Visitor) -> None:
    for path, whole in [
        ("/admin/agents", MANY),
        ("/admin/teams", MANY),
        ("/admin/agents?q=ortiz", MANY - 1),
        ("/admin/teams?q=TEAM", MANY),
    ]:
        found = list(pages(admin, path))
        assert [len(page) for page in found] == [PAGE, PAGE, whole - 2 * PAGE], path
        assert len({row for page in found for row in page}) == whole, path


def test_a_search_finds_whatever_is_shown(admin: Visitor) -> None:
    expected = {
        ("/admin/agents", "Ola_f"): 1,
        ("/admin/agents", "0% b"): 1,
        ("/admin/agents", "%"): 1,
        ("/admin/agents", "agent17@agents"): 1,
        ("/admin/agents", "(512) 555-3017"): 1,
        ("/admin/agents", "Team 229"): 1,
        ("/admin/agents", "nobody"): 0,
        ("/admin/agents", "\0"): PAGE,
        ("/admin/teams", "team 229"): 1,
        ("/admin/teams", "ola_F"): 1,
        ("/admin/teams", "nobody"): 0,
    }
    found = {
        (path, typed): len(ROW.findall(admin.get(f"{path}?{urlencode({'q': typed})}").text)) for path, typed in expected
    }
    assert found == expected
