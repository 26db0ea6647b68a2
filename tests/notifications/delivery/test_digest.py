"""A bad morning: the admins hear of the first few of a kind at once, and of the others in one mail."""

import time

import pytest

from tests.support.browser.browser import Visitor
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import Network
from tests.support.world.product import Product

BOSS = "boss@network.example"
WHILE = 10 * 60
CITIES = ("Austin", "Dallas", "Houston", "Waco", "Laredo", "Plano")


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    """An admin, signed in."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", BOSS).strip())


def into_one_while(database: Database) -> None:
    """What was queued in the last ten seconds lies in one while of ten minutes, which is not yet over for long."""
    since = time.time() % WHILE
    database.time_passes(seconds=20 if since >= 40 else 60)


def test_the_first_three_that_nobody_has_are_told_at_once_and_the_others_together(
    admin: Visitor, network: Network, carrier: Carrier, database: Database, product: Product
) -> None:
    buyers_only = network.add_agent(takes=["buyer"])
    boss = carrier.inbox(BOSS)
    with product.without("messages", "sweeper"):
        referrals = [
            network.refer(agent_id=buyers_only.id, area={"city": city, "state": "TX", "zip": "78704"})
            for city in CITIES
        ]
        into_one_while(database)
    for city in CITIES[:3]:
        boss.gets_mail(f"Nobody has it: Seller in {city}")
    assert len(boss.mails("Nobody has")) == 3

    database.rows("UPDATE referral SET status = 'closed' WHERE id = %s RETURNING id", referrals[3]["id"])
    database.time_passes(minutes=30)
    mail = boss.gets_mail("Nobody has 2 more referrals")
    assert all(f"Seller in {city}" in mail.text for city in CITIES[4:])
    assert all(city not in mail.text for city in CITIES[:4])
    assert len(boss.mails("Nobody has")) == 4
    told = admin.get(f"/admin/referrals/{referrals[5]['id']}").text
    assert "another mail said it, with others" in told


def test_those_sent_twice_come_together_too_and_one_that_was_decided_is_left_out(
    network: Network, admin: Visitor, carrier: Carrier, database: Database, product: Product
) -> None:
    sam = network.add_agent()
    client = {"name": "Maria Delgado", "phone": "+15125557001", "email": "maria@mail.example"}
    boss = carrier.inbox(BOSS)
    with product.without("messages", "sweeper"):
        network.refer(agent_id=sam.id, client=client)
        held = [network.refer(agent_id=sam.id, client=client) for _ in range(5)]
        assert {referral["status"] for referral in held} == {"held"}
        into_one_while(database)
    boss.gets_mail("Sent twice: Seller in Austin")
    admin.post(f"/admin/referrals/{held[3]['id']}/close", why="The same again.")
    database.time_passes(minutes=30)
    mail = boss.gets_mail("1 more referral was sent twice")
    assert f"/admin/referrals/{held[4]['id']}" in mail.text
    assert f"/admin/referrals/{held[3]['id']}" not in mail.text
    assert len(boss.mails("Sent twice")) == 3
