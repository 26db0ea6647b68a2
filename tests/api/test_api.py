"""The door for other software: what it answers, once, and how it says no."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import requests

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network, wrong_fields
from tests.support.world.product import Product
from tests.support.world.rows import rows, select

ONCE = {"Idempotency-Key": "order-1"}


def test_a_key_is_printed_alone_and_only_its_hash_is_kept(network: Network, product: Product) -> None:
    printed = flask(product, "keys", "create", "the network")
    key = printed.strip()
    assert printed == f"{key}\n"
    kept = select(product, "SELECT * FROM api_key")
    assert key not in str(kept)
    assert key.removeprefix("dibs_") not in str(kept)
    assert Network(network.url, key, None).post("/teams", {"name": "Lakeline"}).status_code == 201  # type: ignore[arg-type]


def test_each_post_answers_201_with_the_object_and_where_it_is(network: Network, carrier: Carrier) -> None:
    team = network.post("/teams", {"name": "Lakeline Homes"})
    assert team.status_code == 201
    assert team.json().items() >= {"name": "Lakeline Homes", "paused": False}.items()
    body = {
        "name": "Sam Ortiz", "email": "sam@agents.example", "phone": "512.555.1999", "time_zone": "America/Chicago",
        "team_id": team.json()["id"], "takes": ["seller"],
    }  # fmt: skip
    agent = network.post("/agents", body)
    assert agent.status_code == 201
    assert agent.json().items() >= {**body, "phone": "+15125551999"}.items()
    sent = network.referral_body(team_id=team.json()["id"])
    referral = network.post("/referrals", {**sent, "client": {**sent["client"], "phone": "(512) 555-7001"}})
    assert referral.status_code == 201
    shown = referral.json()
    assert shown["client"] == {**sent["client"], "phone": "+15125557001"}
    assert {name: shown[name] for name in ("kind", "area", "price", "notes", "team_id")} == {
        name: sent[name] for name in ("kind", "area", "price", "notes", "team_id")
    }
    assert (shown["status"], shown["claimed_by"], shown["claimed_at"], shown["calls"]) == ("open", None, None, [])
    assert [(offer["agent_id"], offer["status"]) for offer in shown["offers"]] == [(agent.json()["id"], "sent")]
    for answer in (team, agent, referral):
        found = requests.get(
            network.url + answer.headers["Location"], headers={"Authorization": f"Bearer {network.key}"}, timeout=10
        )
        assert found.json() == answer.json()


def test_a_claimed_referral_says_by_whom_when_and_after_which_calls(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    Page(sam.phone.gets_text().link).press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    shown = network.referral(referral["id"])
    (offer,), (call,) = shown["offers"], shown["calls"]
    assert (shown["status"], shown["claimed_by"], offer["status"]) == ("claimed", sam.id, "claimed")
    assert datetime.fromisoformat(shown["claimed_at"]).utcoffset() is not None
    assert (call["offer_id"], call["attempt"], call["direction"]) == (offer["id"], 1, "outbound")


def test_phones_are_taken_as_people_type_them(network: Network) -> None:
    for n, typed in enumerate(["(512) 555-1901", "512.555.1902", "1-512-555-1903", "+1 512 555 1904", " 5125551905 "]):
        body = {
            "name": "Sam", "email": f"sam{n}@agents.example", "phone": typed, "time_zone": "America/Chicago",
            "takes": ["buyer"],
        }  # fmt: skip
        assert network.post("/agents", body).json()["phone"] == f"+1512555190{n + 1}"


def test_what_is_not_there_is_a_problem_too(network: Network) -> None:
    unknown = "01900000-0000-7000-8000-000000000000"
    for path in (f"/referrals/{unknown}", f"/agents/{unknown}", f"/teams/{unknown}", "/referrals/x", "/nothing"):
        answer = network.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
        assert answer.json()["status"] == 404
    refused = network.get("/referrals")
    assert (refused.status_code, refused.headers["Content-Type"]) == (405, "application/problem+json")
    assert refused.headers["Allow"]


def test_the_same_key_and_body_is_the_same_answer(network: Network, product: Product) -> None:
    body = network.referral_body(agent_id=network.add_agent().id)
    first = network.post("/referrals", body, **ONCE)
    again = network.post("/referrals", body, **ONCE)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    before = rows(product)
    other = network.post("/referrals", {**body, "kind": "buyer"}, **ONCE)
    assert other.status_code == 422
    assert rows(product) == before


def test_software_that_reads_a_clients_details_is_kept_as_a_person_is(
    network: Network, product: Product, sam: AgentInTest
) -> None:
    admin = Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())
    referral = network.refer(agent_id=sam.id)
    given = "tests was given the client&#39;s details by its API key"
    assert given not in admin.post(f"/admin/referrals/{referral['id']}/client").text
    for _ in range(2):
        network.referral(referral["id"])
    assert admin.post(f"/admin/referrals/{referral['id']}/client").text.count(given) == 1
    kept = select(product, """SELECT "where", count(*) FROM client_view GROUP BY 1 ORDER BY 1""")
    assert kept == [("admin", 2), ("api", 1)]


def test_the_same_members_in_another_order_are_the_same_request(network: Network, product: Product) -> None:
    body = network.referral_body(agent_id=network.add_agent().id)
    first = network.post("/referrals", body, **ONCE)
    again = network.post("/referrals", dict(reversed(body.items())), **ONCE)
    assert (again.status_code, again.text) == (201, first.text)
    assert rows(product)["referral"] == 1


def test_what_was_escaped_for_a_web_page_is_read_as_it_was_meant(network: Network, sam: AgentInTest) -> None:
    body = network.referral_body(agent_id=sam.id)
    body["area"]["city"], body["notes"] = "Coeur d&#39;Alene", "Asks &amp;amp; offers.\n1 &lt; 2, AT&T;"
    referral = network.post("/referrals", body).json()
    assert referral["area"]["city"] == "Coeur d'Alene"
    assert referral["notes"] == "Asks & offers.\n1 < 2, AT&T;"


def test_one_key_used_by_many_at_once_does_it_once(network: Network, carrier: Carrier, product: Product) -> None:
    sam = network.add_agent()
    body = network.referral_body(agent_id=sam.id)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: network.post("/referrals", body, **ONCE), range(16)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert (rows(product)["referral"], rows(product)["offer"], rows(product)["idempotent_answer"]) == (1, 1, 1)
    sam.phone.gets_text()
    assert len(sam.phone.texts()) == 1


def test_one_key_with_two_bodies_at_once_takes_one_of_them(network: Network, product: Product) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: network.post("/teams", {"name": f"Team {n}"}, **ONCE), range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 7
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert wrong_fields(refused) == ["Idempotency-Key"]
    assert rows(product) == {"change": 1, "idempotent_answer": 1, "team": 1}


def test_a_request_that_failed_leaves_its_key_free(network: Network, product: Product) -> None:
    assert network.post("/teams", {"name": ""}, **ONCE).status_code == 422
    assert network.post("/teams", {"name": "Lakeline"}, **ONCE).status_code == 201
    assert network.post("/teams", {"name": "lakeline"}, **{"Idempotency-Key": "order-2"}).status_code == 422
    assert rows(product) == {"change": 1, "idempotent_answer": 1, "team": 1}


def test_keys_of_two_programs_are_apart_and_one_key_is_for_one_address(network: Network, product: Product) -> None:
    other = Network(network.url, flask(product, "keys", "create", "another").strip(), None)  # type: ignore[arg-type]
    assert network.post("/teams", {"name": "Lakeline"}, **ONCE).status_code == 201
    assert other.post("/teams", {"name": "Barton Creek"}, **ONCE).json()["name"] == "Barton Creek"
    assert wrong_fields(network.post("/agents", {}, **ONCE))
    assert rows(product)["team"] == 2


def test_a_key_that_is_none(network: Network, product: Product) -> None:
    for key in ("", "x" * 256, "a\tb"):
        answer = network.post("/teams", {"name": "Lakeline"}, **{"Idempotency-Key": key})
        assert (answer.status_code, wrong_fields(answer)) == (422, ["Idempotency-Key"])
    assert rows(product) == {}
