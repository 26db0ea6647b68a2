"""What leads carry in fact: pasted names, numbers with something behind them, digits of other scripts."""

from typing import Any

import pytest
import requests

from app.config import load_settings
from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network, wrong_fields

FULL_WIDTH = "\uff17\uff18\uff17\uff10\uff14"
"""78704, in the digits of a Japanese keyboard."""
CLIENT = {"name": "Maria Delgado", "phone": "(512) 555-7001", "email": "maria@mail.example"}


@pytest.mark.parametrize(
    ("name", "shown", "hidden"),
    [
        ("Maria\u00a0Lopez", "Maria wants to sell", "Lopez"),
        ("Lopez, Maria", "Maria wants to sell", "Lopez"),
        ("maria.lopez@example.com", "The client wants to sell", "lopez"),
        ("Lopez", "The client wants to sell", "Lopez"),
        ("Maria\nLopez", "Maria wants to sell", "Lopez"),
    ],
)
def test_no_surname_is_shown_before_the_claim(
    network: Network, sam: AgentInTest, name: str, shown: str, hidden: str
) -> None:
    referral = network.refer(agent_id=sam.id, client={**CLIENT, "name": name})
    page = Page(network.link(referral, sam)).words
    assert shown in page
    assert hidden not in page


def test_one_line_is_one_line_and_notes_keep_theirs(network: Network, carrier: Carrier, sam: AgentInTest) -> None:
    referral = network.refer(
        agent_id=sam.id,
        client={**CLIENT, "name": " Maria\t\u200bDel\u00adgado\n"},
        area={"city": "San\r\nMarcos", "state": "TX", "zip": "78666"},
        notes="Call after 5.\nHas a dog.\u202e",
    )
    assert referral["client"]["name"] == "Maria Delgado"
    assert referral["area"]["city"] == "San Marcos"
    assert referral["notes"] == "Call after 5.\nHas a dog."


@pytest.mark.parametrize(
    ("typed", "noted"),
    [
        ("512-555-1001 x123", "Phone: x123"),
        ("512 555 1001 ext. 5", "Phone: ext. 5"),
        ("512 555 1001 cell", "Phone: cell"),
        ("512-555-1001 (mobile)", "Phone: (mobile)"),
    ],
)
def test_what_stands_behind_a_clients_phone_goes_to_the_notes(
    network: Network, carrier: Carrier, sam: AgentInTest, typed: str, noted: str
) -> None:
    referral = network.refer(agent_id=sam.id, client={**CLIENT, "phone": typed}, notes="In March.")
    assert (referral["client"]["phone"], referral["notes"]) == ("+15125551001", f"In March.\n{noted}")


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("area.zip", {"area": {"city": "Austin", "state": "TX", "zip": FULL_WIDTH}}),
    ("area.zip", {"area": {"city": "Austin", "state": "TX", "zip": "78" + FULL_WIDTH[2] + "04"}}),
    ("area.zip", {"area": {"city": "Austin", "state": "TX", "zip": "78704-" + FULL_WIDTH[:4]}}),
    ("area.city", {"area": {"city": "Austin https://evil.example/x", "state": "TX", "zip": "78704"}}),
    ("client.name", {"client": {**CLIENT, "name": "Maria http://evil.example"}}),
    ("client.phone", {"client": {**CLIENT, "phone": "212-976-1234"}}),
    ("client.phone", {"client": {**CLIENT, "phone": "+1 500 555 0006"}}),
    ("client.phone", {"client": {**CLIENT, "phone": "512-555-1212"}}),
]


@pytest.mark.parametrize(("field", "body"), WRONG)
def test_what_cannot_be_is_named_and_changes_nothing(
    network: Network, database: Database, sam: AgentInTest, field: str, body: dict[str, Any]
) -> None:
    answer = network.post("/referrals", network.referral_body(agent_id=sam.id, **body))
    assert (answer.status_code, wrong_fields(answer)) == (422, [field])
    assert database.rows("SELECT 1 FROM referral") == []


def test_our_own_number_is_nobodys_phone(network: Network, carrier: Carrier, sam: AgentInTest) -> None:
    ours = load_settings({}).twilio_call_from
    client = network.post("/referrals", network.referral_body(agent_id=sam.id, client={**CLIENT, "phone": ours}))
    agent = network.post("/agents", {"name": "Loop", "email": "loop@agents.example", "phone": ours,
                                     "time_zone": "America/Chicago", "takes": ["buyer"]})  # fmt: skip
    assert (wrong_fields(client), wrong_fields(agent)) == (["client.phone"], ["phone"])


@pytest.mark.parametrize("phone", ["+1 787 555 0142", "671-555-0142", "340 555 0142"])
def test_the_territories_are_of_the_united_states(
    network: Network, carrier: Carrier, sam: AgentInTest, phone: str
) -> None:
    assert network.refer(agent_id=sam.id, client={**CLIENT, "phone": phone})["client"]["phone"].startswith("+1")


def test_a_zip_code_whose_zone_the_table_has_wrong_can_be_claimed(
    network: Network, carrier: Carrier, database: Database, sam: AgentInTest
) -> None:
    network.refer(agent_id=sam.id, area={"city": "Napakiak", "state": "AK", "zip": "99634"})
    network.refer(agent_id=sam.id, area={"city": "Chattanooga", "state": "TN", "zip": "37405"})
    zones = database.rows("SELECT time_zone FROM referral ORDER BY id")
    assert zones == [("America/Anchorage",), ("America/New_York",)]


def test_a_byte_order_mark_is_no_matter(network: Network, carrier: Carrier) -> None:
    answer = requests.post(
        f"{network.url}/api/v1/teams",
        data=b'\xef\xbb\xbf{"name": "Lakeline"}',
        headers={"Authorization": f"Bearer {network.key}", "Content-Type": "application/json"},
        timeout=10,
    )
    assert answer.status_code == 201, answer.text


def test_an_invisible_character_in_an_address_is_no_matter(network: Network, carrier: Carrier) -> None:
    agent = network.add_agent("Ana Ruiz", email="ana\u200b@agents.example")
    assert agent.email == "ana@agents.example"
