"""Bad input gets a clear error naming the field, and changes nothing."""

from typing import Any

import pytest

from tests.support.world.network import Network, wrong_fields
from tests.support.world.product import Product
from tests.support.world.rows import rows

UNKNOWN = "01900000-0000-7000-8000-000000000000"
AGENT = {
    "name": "Sam Ortiz",
    "email": "sam@agents.example",
    "phone": "(512) 555-1999",
    "time_zone": "America/Chicago",
    "takes": ["buyer"],
}


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
    assert rows(product) == {}


def test_every_wrong_field_is_named_once(network: Network, product: Product) -> None:
    body = {"kind": "renter", "client": {"phone": "1"}, "area": {"city": "", "state": "Texas", "zip": "x"}}
    answer = network.post("/referrals", {**body, "price": {"min": 5, "max": 4}})
    assert sorted(wrong_fields(answer)) == [
        "area.city", "area.state", "area.zip", "client.email", "client.name", "client.phone", "kind", "price.max",
    ]  # fmt: skip
    assert rows(product) == {}


def test_a_phone_that_another_agent_has(network: Network, product: Product) -> None:
    assert network.post("/agents", AGENT).status_code == 201
    before = rows(product)
    answer = network.post("/agents", {**AGENT, "phone": "512.555.1999", "email": "other@agents.example"})
    assert (answer.status_code, wrong_fields(answer)) == (422, ["phone"])
    answer = network.post("/agents", {**AGENT, "phone": "512 555 1998", "email": "SAM@agents.example"})
    assert (answer.status_code, wrong_fields(answer)) == (422, ["email"])
    assert rows(product) == before


def test_a_duplicate_is_refused_even_when_two_come_at_once(network: Network, product: Product) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        codes = list(
            pool.map(lambda n: network.post("/agents", {**AGENT, "email": f"a{n}@x.example"}).status_code, range(8))
        )
    assert sorted(codes) == [201] + [422] * 7
    assert rows(product) == {"account": 1, "agent": 1, "change": 2}


@pytest.mark.parametrize(
    ("target", "field"),
    [
        ({"team_id": UNKNOWN}, "team_id"),
        ({"agent_id": UNKNOWN}, "agent_id"),
        ({"agent_id": "sam"}, "agent_id"),
        ({"agent_id": 7}, "agent_id"),
        ({"team_id": UNKNOWN, "agent_id": UNKNOWN}, "team_id"),
    ],
)
def test_a_referral_for_two_or_for_somebody_unknown(
    network: Network, product: Product, target: dict[str, Any], field: str
) -> None:
    answer = network.post("/referrals", network.referral_body(**target))
    assert (answer.status_code, wrong_fields(answer)) == (422, [field])
    assert rows(product) == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "renter"),
        ("kind", None),
        ("client", "Maria"),
        ("client.name", ""),
        ("client.name", "\ud800"),
        ("client.phone", "555"),
        ("client.phone", "+1 (000) 000-0000"),
        ("client.phone", 5125557001),
        ("client.email", "maria@"),
        ("client.email", "@mail.example"),
        ("client.shoe_size", 43),
        ("area.state", "Texas"),
        ("area.zip", "787"),
        ("price.min", "cheap"),
        ("price.min", -1),
        ("price.min", 1.5),
        ("price.min", True),
        ("price.max", 10**12),
        ("price.max", 1),
        ("notes", "x" * 4001),
        ("surprise", True),
    ],
)
def test_a_referral_that_cannot_be(network: Network, product: Product, field: str, value: Any) -> None:
    sam = network.add_agent()
    before = rows(product)
    body = network.referral_body(agent_id=sam.id)
    outer, _, inner = field.partition(".")
    if inner:
        body[outer] = {**body[outer], inner: value}
    else:
        body[outer] = value
    answer = network.post("/referrals", body)
    assert (answer.status_code, wrong_fields(answer)) == (422, [field])
    assert rows(product) == before


def test_a_team_that_cannot_be(network: Network, product: Product) -> None:
    for body in ({}, {"name": ""}, {"name": None}, {"name": 7}, {"name": "x" * 81}):
        answer = network.post("/teams", body)
        assert (answer.status_code, wrong_fields(answer)) == (422, ["name"])
    assert rows(product) == {}


def test_a_team_whose_name_is_taken_and_one_that_is_full(network: Network, product: Product) -> None:
    team = network.add_team("Lakeline Homes")
    answer = network.post("/teams", {"name": "lakeline homes"})
    assert (answer.status_code, wrong_fields(answer)) == (422, ["name"])
    for _ in range(10):
        network.add_agent(team_id=team)
    before = rows(product)
    answer = network.post("/agents", {**AGENT, "team_id": team})
    assert (answer.status_code, wrong_fields(answer)) == (422, ["team_id"])
    assert rows(product) == before
