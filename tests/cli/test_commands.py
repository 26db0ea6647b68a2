"""What an operator types: `flask --app wsgi ...`."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.support.browser.browser import Visitor
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import types
from tests.support.world.network import Network
from tests.support.world.product import Product

BOSS = "boss@network.example"


@pytest.fixture
def connection(product: Product, network: Network) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(product.env["DATABASE_URL"].replace("+psycopg", ""), autocommit=True) as made:
        yield made


def test_a_new_key_is_printed_and_nothing_else(product: Product, network: Network, carrier: Carrier) -> None:
    done = types(product, "keys", "create", "crm")
    assert done.returncode == 0
    assert re.fullmatch(r"dibs_[\w-]{43}\n", done.stdout)
    assert done.stderr == ""
    crm = Network(product.url, done.stdout.strip(), carrier)
    assert crm.post("/teams", {"name": "Lakeline Homes"}).status_code == 201


def test_only_the_hash_of_a_key_is_stored(product: Product, connection: psycopg.Connection[Any]) -> None:
    key = types(product, "keys", "create", "billing").stdout.strip()
    rows = connection.execute("SELECT key_hash, row_to_json(api_key)::text FROM api_key WHERE name = 'billing'")
    ((key_hash, everything),) = rows.fetchall()
    assert key_hash == hashlib.sha256(key.encode()).digest()
    assert key not in everything
    assert key.removeprefix("dibs_").encode().hex() not in everything


def test_two_keys_of_one_name_are_two_keys(product: Product, network: Network) -> None:
    first, second = (types(product, "keys", "create", "twins").stdout.strip() for _ in range(2))
    assert first != second


def test_a_revoked_key_opens_nothing(product: Product, connection: psycopg.Connection[Any], carrier: Carrier) -> None:
    key = types(product, "keys", "create", "former").stdout.strip()
    connection.execute("UPDATE api_key SET revoked_at = now() WHERE name = 'former'")
    assert Network(product.url, key, carrier).post("/teams", {"name": "Lakeline Homes"}).status_code == 401


def test_an_admin_gets_a_link_that_works_once(product: Product, network: Network) -> None:
    done = types(product, "admins", "create", BOSS)
    assert (done.returncode, done.stderr) == (0, "")
    link = done.stdout.strip()
    assert done.stdout == f"{link}\n"
    assert re.fullmatch(re.escape(product.url) + r"/sign-in/[\w-]{36}", link)
    first, second = Visitor(product.url), Visitor(product.url)
    assert first.signs_in(link).get("/admin/").url == f"{product.url}/admin/"
    refused = second.post(link)
    assert refused.status_code == 410
    assert "This link doesn't work any more." in refused.text.replace("&#39;", "'")
    assert "/sign-in" in second.get("/admin/").url


def test_an_admin_made_again_is_the_same_one_with_another_link(
    product: Product, connection: psycopg.Connection[Any]
) -> None:
    first = types(product, "admins", "create", BOSS).stdout.strip()
    second = types(product, "admins", "create", BOSS.title()).stdout.strip()
    assert first != second
    assert connection.execute("SELECT email, is_admin FROM account").fetchall() == [(BOSS, True)]
    for link in (first, second):
        assert Visitor(product.url).signs_in(link).get("/admin/").ok


def test_an_agent_can_be_made_an_admin(product: Product, network: Network, connection: psycopg.Connection[Any]) -> None:
    sam = network.add_agent()
    link = types(product, "admins", "create", sam.email).stdout.strip()
    assert connection.execute("SELECT count(*) FROM account").fetchone() == (1,)
    visitor = Visitor(product.url).signs_in(link)
    assert visitor.get("/admin/").status_code == 200
    assert "Your referrals" in visitor.get("/referrals").text


def test_what_is_no_address_makes_no_admin(product: Product, connection: psycopg.Connection[Any]) -> None:
    done = types(product, "admins", "create", "boss")
    assert done.returncode != 0
    assert done.stdout == ""
    assert done.stderr == "EMAIL: This is not an email address.\n"
    assert connection.execute("SELECT count(*) FROM account").fetchone() == (0,)


def test_a_new_key_for_push_is_printed_and_nothing_else(product: Product, network: Network) -> None:
    first, second = (types(product, "vapid-key") for _ in range(2))
    assert re.fullmatch(r"[\w-]{43}\n", first.stdout)
    assert first.stderr == ""
    assert first.stdout != second.stdout
    own = {"VAPID_PRIVATE_KEY": first.stdout.strip(), "VAPID_SUBJECT": "mailto:you@dibs.example"}
    assert types(product, "check-settings", **own).returncode == 0


def test_check_settings_says_on_stderr_that_they_are_usable_or_which_are_not(
    product: Product, network: Network
) -> None:
    done = types(product, "check-settings")
    assert (done.returncode, done.stdout) == (0, "")
    assert "complete" in done.stderr
    done = types(product, "check-settings", OFFER_MINUTES="soon", CLIENT_HOURS="21-8")
    assert done.returncode != 0
    assert done.stdout == ""
    assert "OFFER_MINUTES" in done.stderr
    assert "CLIENT_HOURS" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_settings_asks_all_that_they_name(product: Product, network: Network) -> None:
    done = types(product, "check-settings", "--ask")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "All that they name is there." in done.stderr


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"DATABASE_URL": "postgresql://dibs@/dibs?host=/nowhere"}, "DATABASE_URL: unreachable"),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "REDIS_URL: cannot be used (ConnectionError)"),
        ({"MAIL_URL": "smtp://127.0.0.1:1"}, "MAIL_URL: the mail server cannot be used ("),
        (
            {"TWILIO_AUTH_TOKEN": "another"},
            "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN: the carrier does not answer to them",
        ),
        ({"TWILIO_CALL_FROM": "+15125550199"}, "TWILIO_CALL_FROM: not a number of this account"),
        ({"TWILIO_SMS_FROM": "+15125550199"}, "TWILIO_SMS_FROM: not a number of this account"),
        ({"PUBLIC_URL": "http://127.0.0.1:1"}, "it should be http://127.0.0.1:1/hooks/twilio/fallback"),
        ({"PUBLIC_URL": "http://127.0.0.1:1"}, "TWILIO_SMS_FROM: sms_url at the carrier is "),
    ],
)
def test_check_settings_says_what_is_wrong_there(
    product: Product, network: Network, wrong: dict[str, str], said: str
) -> None:
    done = types(product, "check-settings", "--ask", **wrong)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unreachable_database_is_said_without_a_key(product: Product, network: Network) -> None:
    done = types(product, "keys", "create", "crm", DATABASE_URL="postgresql://dibs@/dibs?host=/nowhere")
    assert done.returncode != 0
    assert done.stdout == ""
