"""Bad input gets a clear error naming the field, and changes nothing."""

from typing import Any

import psycopg
import pytest
import requests
from twilio.request_validator import RequestValidator

from tests.support.carrier import Carrier
from tests.support.network import Network
from tests.support.page import Page
from tests.support.product import Product
from tests.support.waiting import eventually

AGENT = {
    "name": "Sam Ortiz",
    "email": "sam@agents.example",
    "phone": "(512) 555-1999",
    "time_zone": "America/Chicago",
    "takes": ["buyer"],
}


def rows(product: Product) -> int:
    """How many things there are."""
    url = product.env["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url) as connection:
        counted = connection.execute(
            "SELECT (SELECT count(*) FROM agent) + (SELECT count(*) FROM referral) + (SELECT count(*) FROM client)"
            " + (SELECT count(*) FROM team) + (SELECT count(*) FROM account) + (SELECT count(*) FROM call)"
        ).fetchone()
    assert counted is not None
    return int(counted[0])


def wrong_fields(answer: requests.Response) -> list[str]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "12"),
        ("phone", "not a phone"),
        ("phone", "+44 20 7946 0958"),
        ("phone", "+1 900 555 0123"),
        ("time_zone", "America/Atlantis"),
        ("email", "sam@"),
        ("email", "sam"),
        ("takes", []),
        ("takes", ["renter"]),
        ("name", "  "),
        ("name", "Sam\u0000Ortiz"),
        ("name", "x" * 81),
        ("team_id", "no-id"),
        ("team_id", "01900000-0000-7000-8000-000000000000"),
        ("shoe_size", 43),
    ],
)
def test_an_agent_who_cannot_be(network: Network, product: Product, field: str, value: Any) -> None:
    answer = network.post("/agents", {**AGENT, field: value})
    assert answer.status_code == 422
    assert wrong_fields(answer) == [field]
    assert rows(product) == 0


def test_every_wrong_field_is_named_once(network: Network, product: Product) -> None:
    body = {"kind": "renter", "client": {"phone": "1"}, "area": {"city": "", "state": "Texas", "zip": "x"}}
    answer = network.post("/referrals", {**body, "price": {"min": 5, "max": 4}})
    assert sorted(wrong_fields(answer)) == [
        "area.city", "area.state", "area.zip", "client.email", "client.name", "client.phone", "kind", "price.max",
        "team_id",
    ]  # fmt: skip
    assert rows(product) == 0


def test_a_phone_that_another_agent_has(network: Network, product: Product) -> None:
    assert network.post("/agents", AGENT).status_code == 201
    before = rows(product)
    answer = network.post("/agents", {**AGENT, "phone": "512.555.1999", "email": "other@agents.example"})
    assert (answer.status_code, wrong_fields(answer)) == (422, ["phone"])
    answer = network.post("/agents", {**AGENT, "phone": "512 555 1998", "email": "SAM@agents.example"})
    assert (answer.status_code, wrong_fields(answer)) == (422, ["email"])
    assert rows(product) == before


@pytest.mark.parametrize("target", [{}, {"team_id": "a", "agent_id": "b"}])
def test_a_referral_for_nobody_or_for_two(network: Network, product: Product, target: dict[str, str]) -> None:
    answer = network.post("/referrals", network.referral_body(**target))
    assert answer.status_code == 422
    assert "team_id" in wrong_fields(answer)
    assert rows(product) == 0


def test_bodies_that_are_no_json_object(network: Network, product: Product) -> None:
    auth = {"Authorization": f"Bearer {network.key}", "Content-Type": "application/json"}
    url = f"{network.url}/api/v1/referrals"
    for body in (b"", b"{", b"[1]", b'"x"', b"null"):
        assert requests.post(url, body, headers=auth, timeout=10).status_code == 400
    assert requests.post(url, b"x=1", headers={**auth, "Content-Type": "text/plain"}, timeout=10).status_code == 415
    large = requests.post(url, b'{"x": "' + b"y" * 2_000_000 + b'"}', headers=auth, timeout=10)
    assert large.status_code == 413
    assert rows(product) == 0


@pytest.mark.parametrize("key", ["", "Bearer", "Bearer wrong", "Basic abc"])
def test_without_a_key_nothing(network: Network, product: Product, key: str) -> None:
    answer = requests.post(
        f"{network.url}/api/v1/teams", json={"name": "A"}, headers={"Authorization": key}, timeout=10
    )
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert rows(product) == 0


def test_the_same_key_and_body_is_the_same_answer(network: Network, product: Product) -> None:
    body = network.referral_body(agent_id=network.add_agent().id)
    first = network.post("/referrals", body, **{"Idempotency-Key": "order-1"})
    again = network.post("/referrals", body, **{"Idempotency-Key": "order-1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    before = rows(product)
    other = network.post("/referrals", {**body, "kind": "buyer"}, **{"Idempotency-Key": "order-1"})
    assert other.status_code == 422
    assert rows(product) == before


def test_a_callback_that_is_not_the_carriers(network: Network, carrier: Carrier, product: Product) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    Page(sam.phone.gets_text().link).press("call")
    sam.phone.rings()
    eventually(lambda: network.referral(referral["id"])["calls"][0]["status"] == "ringing", "the call rings")
    before = network.referral(referral["id"])
    url = f"{product.url}/hooks/twilio/calls/{before['calls'][0]['id']}/key"
    params = {"CallSid": "CA" + "0" * 32, "Digits": "1"}
    assert requests.post(url, params, timeout=10).status_code == 403
    assert requests.post(url, params, headers={"X-Twilio-Signature": "x"}, timeout=10).status_code == 403
    signed = {"X-Twilio-Signature": RequestValidator(product.env["TWILIO_AUTH_TOKEN"]).compute_signature(url, params)}
    assert requests.post(url, params, headers=signed, timeout=10).status_code == 404  # another call's SID
    unknown = f"{product.url}/hooks/twilio/calls/01900000-0000-7000-8000-000000000000/key"
    signed = {
        "X-Twilio-Signature": RequestValidator(product.env["TWILIO_AUTH_TOKEN"]).compute_signature(unknown, params)
    }
    assert requests.post(unknown, params, headers=signed, timeout=10).status_code == 404
    assert network.referral(referral["id"]) == before


def test_a_link_that_was_altered_or_cut_short(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    link = sam.phone.gets_text().link
    swapped = link[:-1] + ("A" if link[-1] != "A" else "B")
    for bad in (swapped, link[:-5], link + "x", link[:-36] + "x" * 36, link.rpartition("/")[0] + "/%00"):
        page = requests.get(bad, timeout=10)
        assert page.status_code == 404
        assert "Traceback" not in page.text
    assert "This link doesn't work any more." in requests.get(swapped, timeout=10).text.replace("&#39;", "'")


def test_a_post_from_another_site_is_refused(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    link = sam.phone.gets_text().link
    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert requests.post(f"{link}/call", headers=headers, timeout=10).status_code == 403
    assert carrier.calls_placed() == 0
    assert requests.post(f"{link}/call", headers={"Sec-Fetch-Site": "same-origin"}, timeout=10).ok


def test_a_duplicate_is_refused_even_when_two_come_at_once(network: Network, product: Product) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        codes = list(
            pool.map(lambda n: network.post("/agents", {**AGENT, "email": f"a{n}@x.example"}).status_code, range(8))
        )
    assert sorted(codes) == [201] + [422] * 7


def test_no_secret_and_no_person_is_logged(network: Network, carrier: Carrier, product: Product) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    link = sam.phone.gets_text().link
    Page(link).press("call")
    sam.phone.rings().answer().press("1")
    network.client_phone(referral).rings().answer().hang_up()
    sam.mailbox.gets_mail("Maria Delgado")
    log = product.log_path.read_text(errors="replace")
    secrets = (
        "Delgado",
        sam.phone.number,
        referral["client"]["phone"],
        network.key,
        link.rpartition("/")[2],
        sam.email,
    )
    assert [secret for secret in secrets if secret in log] == []
