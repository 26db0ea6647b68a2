"""The network's software is told of every change: signed, thin, once, and in the transaction that made it."""

import json
from datetime import UTC, datetime, timedelta

from app.webhooks.rules import TYPES
from tests.support.browser.browser import Visitor
from tests.support.carrier.carrier import Carrier
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import change, select
from tests.support.world.software import Software
from tests.support.world.waiting import eventually


def test_a_claim_is_told_step_by_step(network: Network, software: Software) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    referral = network.refer(team_id=team, external_id="crm-4711")
    page = network.page(referral, sam)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    priya.phone.gets_text("Sam was first")
    client = network.client_phone(referral).rings().answer()
    eventually(lambda: network.calls(referral) == ["connected"], "the two on the line")
    client.hang_up()
    software.waits_for("call.completed")
    claimed = software.waits_for("referral.claimed")
    assert claimed["data"] == {
        "referral_id": referral["id"],
        "external_id": "crm-4711",
        "client_id": referral["client_id"],
        "status": "claimed",
    }
    started = software.waits_for("claim.started")["data"]
    assert (started["referral_id"], started["agent_id"], started["via"]) == (referral["id"], sam.id, "key")
    lost = software.waits_for("offer.lost")["data"]
    assert (lost["agent_id"], lost["referral_id"], lost["status"]) == (priya.id, referral["id"], "lost")
    types = software.types()
    steps = [f"call.{step}" for step in ("requested", "dialing", "answered", "accepted", "connected", "completed")]
    assert [one for one in types if one in steps] == steps
    assert "call.reached" in types
    assert types.index("team.added") < types.index("agent.added") < types.index("referral.open")
    assert types.count("offer.sent") == 2
    assert set(types) <= TYPES


def test_nothing_about_a_person_is_in_it(network: Network, software: Software, sam: AgentInTest) -> None:
    body = network.referral_body(agent_id=sam.id, notes="Divorcing; discreet, please.")
    network.post("/referrals", body)
    software.waits_for("offer.sent")
    told = json.dumps(software.requests())
    for secret in ("Maria", "Delgado", "maria@mail.example", "Divorcing", "Sam Ortiz", sam.email, sam.phone.number[2:]):
        assert secret not in told


def test_what_is_told_can_be_read_by_its_ids(network: Network, software: Software, sam: AgentInTest) -> None:
    network.refer(agent_id=sam.id)
    event = software.waits_for("referral.open")
    assert network.referral(event["data"]["referral_id"])["status"] == "open"


def test_only_the_topics_that_were_chosen(
    network: Network, admin: Visitor, carrier: Carrier, sam: AgentInTest, software: Software
) -> None:
    claims = Software(admin, carrier, "claims-only", ("claim",))
    _, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    claims.waits_for("claim.started")
    software.waits_for("claim.started")
    assert claims.types() == ["claim.started"]


def test_what_is_rolled_back_was_never_told(network: Network, software: Software, sam: AgentInTest) -> None:
    refused = network.post("/referrals", {**network.referral_body(agent_id=sam.id), "price": {"min": 2, "max": 1}})
    assert refused.status_code == 422
    network.refer(agent_id=sam.id)
    software.waits_for("offer.sent")
    assert software.types().count("referral.open") == 1


def test_without_an_endpoint_nothing_is_kept(network: Network, product: Product, sam: AgentInTest) -> None:
    network.refer(agent_id=sam.id)
    sam.phone.gets_text("Reply 1")
    assert select(product, "SELECT count(*) FROM webhook_event") == [(0,)]


def test_a_wish_not_to_be_called_is_told_and_so_is_a_new_consent(
    network: Network, software: Software, sam: AgentInTest, database: Database
) -> None:
    body = network.referral_body(agent_id=sam.id)
    referral = network.post("/referrals", body).json()
    phone = body["client"]["phone"]
    network.put("/do-not-contact", {"phone": phone})
    wish = software.waits_for("client.do_not_contact")["data"]
    assert wish == {
        "client_ids": [referral["client_id"]],
        "channels": ["call", "text"],
        "source": "api",
        "referral_id": None,
    }
    database.time_passes(minutes=5)
    consent = {"basis": "written", "at": (datetime.now(UTC) - timedelta(minutes=1)).isoformat(), "channels": ["call"]}
    network.refer(agent_id=sam.id, kind="buyer", client={**body["client"], "consent": consent}, area=body["area"])
    again = software.waits_for("client.contact_again")["data"]
    assert again == {"client_ids": [referral["client_id"]], "channels": ["call"]}


def test_a_client_who_asks_on_the_phone_is_told_with_their_referral(
    network: Network, software: Software, sam: AgentInTest
) -> None:
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    network.client_phone(referral).rings().rings_out()
    network.client_phone(referral).writes("please stop calling me")
    wish = software.waits_for("client.do_not_contact")["data"]
    assert wish["source"] == "text"
    assert wish["client_ids"] == [referral["client_id"]]


def test_changes_of_an_agent_are_told_by_their_fields(
    network: Network, admin: Visitor, software: Software, sam: AgentInTest
) -> None:
    admin.post(f"/admin/agents/{sam.id}/pause")
    changed = software.waits_for("agent.changed")["data"]
    assert changed == {"agent_id": sam.id, "fields": ["paused_at"]}


def test_an_endpoint_that_hangs_keeps_nobody_else_waiting(
    network: Network, admin: Visitor, carrier: Carrier, product: Product, sam: AgentInTest
) -> None:
    slow, quick = Software(admin, carrier, "slow"), Software(admin, carrier, "quick")
    slow.answers(slow=4.0)
    change(product, "SELECT webhook_record('team.changed', '{}') FROM generate_series(1, 100)")
    eventually(lambda: quick.types().count("team.changed") == 100, "a hundred events at the quick one")
    assert slow.requests()
    assert len(slow.requests()) < 20
    network.refer(agent_id=sam.id)
    sam.phone.gets_text("Reply 1")
    slow.answers()
