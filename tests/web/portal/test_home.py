"""The agent's list: what is open now, every client they have, and what has moved on; live while it is looked at."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser.chromium import watched
from tests.support.browser.portal import Portal
from tests.support.carrier.carrier import Carrier
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product

CLAIM_ALL = """
    WITH mine AS (
        UPDATE offer SET status = 'claimed', ended_at = now() WHERE status = 'sent' RETURNING *
    ), taken AS (
        UPDATE referral SET status = 'claimed', claimed_at = now() FROM mine WHERE referral.id = mine.referral_id
    )
    INSERT INTO claim (id, referral_id, offer_id, agent_id, via, at)
    SELECT uuidv7(), referral_id, id, agent_id, 'key', now() FROM mine ORDER BY id RETURNING id
"""
END_ALL = "UPDATE offer SET status = %s, ended_at = now() WHERE status = 'sent' RETURNING id"
MORE_CLIENTS = """
    WITH r AS (
        INSERT INTO referral (id, client_id, agent_id, kind, status, city, state, zip_code, time_zone, price_min,
                              price_max, claimed_at, created_at)
        SELECT uuidv7(), client_id, agent_id, kind, status, city, state, zip_code, time_zone, price_min,
               price_max, claimed_at, created_at FROM referral, generate_series(1, %s) RETURNING id, agent_id
    ), o AS (
        INSERT INTO offer (id, referral_id, agent_id, wave, status, expires_at, ended_at, letter, created_at)
        SELECT uuidv7(), r.id, r.agent_id, 1, 'claimed', now(), now(), 'A', now() FROM r RETURNING *
    )
    INSERT INTO claim (id, referral_id, offer_id, agent_id, via, at)
    SELECT uuidv7(), referral_id, id, agent_id, 'key', now() FROM o RETURNING id
"""
"""So many more referrals like the one there is, claimed."""


@pytest.fixture
def maria(network: Network, carrier: Carrier, database: Database, sam: AgentInTest) -> dict[str, str]:
    """Sam has claimed Maria."""
    referral = network.refer(agent_id=sam.id)
    sam.phone.gets_text()
    database.rows(CLAIM_ALL)
    return referral


def test_a_client_stays_on_the_list_however_many_offers_come_after(
    maria: dict[str, str], network: Network, database: Database, product: Product, sam: AgentInTest
) -> None:
    for _ in range(3):
        network.refer(agent_id=sam.id)
    database.rows(END_ALL, "expired")
    page = Portal(product.url, database, sam).signs_in().visitor.get("/referrals").text
    assert page.index("Maria Delgado") < page.index("3 in 30 days")
    assert page.count("<bdi>Maria Delgado</bdi>") == 1


def test_older_clients_are_a_page_on(
    maria: dict[str, str], database: Database, product: Product, sam: AgentInTest
) -> None:
    database.rows(MORE_CLIENTS, 60)
    visitor = Portal(product.url, database, sam).signs_in().visitor
    pages, more = [], ""
    while not pages or more:
        pages.append(visitor.get(f"/referrals{more}").text)
        found = re.search(r'href="/referrals(\?after=[^"]+)">More clients', pages[-1])
        more = found[1] if found else ""
    seen = [re.findall(r'id="claim-([^"]+)"', page) for page in pages]
    assert [len(page) for page in seen] == [25, 25, 11]
    assert len({claim for page in seen for claim in page}) == 61
    assert f"/referrals/{maria['id']}" in pages[-1]
    assert visitor.get("/referrals?after=nonsense&show=all").status_code == 200


def test_it_follows_while_it_is_open(
    browser: Browser, maria: dict[str, str], network: Network, database: Database, sam: AgentInTest
) -> None:
    network.refer(agent_id=sam.id)
    database.rows(END_ALL, "lost")
    page, complaints = watched(browser, "phone")
    page.goto(Portal(network.url, database, sam).sign_in_link)
    page.get_by_role("button", name="Sign in").click()
    page.locator("summary").click()
    page.mouse.move(0, 0)
    kept = page.get_by_role("link", name="Maria Delgado").first
    kept.focus()
    network.refer(agent_id=sam.id)
    expect(page.get_by_role("button", name="Call me")).to_be_visible()
    expect(kept).to_be_focused()
    expect(page.locator("details")).to_have_attribute("open", "")
    database.rows(END_ALL, "expired")
    expect(page.get_by_role("button", name="Call me")).to_be_hidden()
    with page.expect_response("**/referrals/list*"):
        pass
    with page.expect_response("**/referrals/list*") as polled:
        pass
    assert polled.value.status == 304
    assert complaints == []
    page.context.close()
