"""How it runs, API keys, and every change with who made it: on pages."""

import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.page import read_words
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import select


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    """An admin, signed in."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


def test_a_key_is_made_shown_once_used_and_revoked(admin: Visitor, product: Product, carrier: Carrier) -> None:
    page = admin.post("/admin/network/keys", name="Our website").text
    key = page.split('class="key">')[1].split("<")[0]
    assert key not in admin.get("/admin/network/keys").text
    theirs = Network(product.url, key, carrier)
    assert theirs.post("/teams", {"name": "Lakeline"}).status_code == 201
    key_id = str(select(product, "SELECT id FROM api_key WHERE name = 'Our website'")[0][0])
    admin.post(f"/admin/network/keys/{key_id}/revoke")
    assert theirs.post("/teams", {"name": "Hill Country"}).status_code == 401
    assert "revoked" in read_words(admin.get("/admin/network/keys").text)
    changes = read_words(admin.get("/admin/network/changes?of=api_key").text)
    assert "API key: Our website . Revoked. boss@network.example" in changes
    assert "API key: Our website . Added. boss@network.example" in changes


def test_a_key_needs_a_name(admin: Visitor, product: Product) -> None:
    before = select(product, "SELECT count(*) FROM api_key")
    answer = admin.post("/admin/network/keys", name=" ")
    assert answer.status_code == 422
    assert 'id="w-name"' in answer.text
    assert select(product, "SELECT count(*) FROM api_key") == before


def test_every_change_is_listed_with_before_and_after_and_who(
    admin: Visitor, network: Network, sam: AgentInTest
) -> None:
    admin.post("/admin/routing", wave_size="3")
    admin.post("/admin/terms", fee="30")
    admin.post(f"/admin/agents/{sam.id}/pause")
    referral = network.refer(agent_id=sam.id)
    words = read_words(admin.get("/admin/network/changes").text)
    assert "Agent: Sam Ortiz . Paused. boss@network.example" in words
    assert "Agent: Sam Ortiz . Added. tests (API key)" in words
    assert "Routing . Version 1. boss@network.example" in words
    assert "Terms . Version 1. boss@network.example" in words
    assert "Referral: Seller in Austin, 78704" in words
    assert "Delgado" not in words
    only = read_words(admin.get("/admin/network/changes?of=agent").text)
    assert "Version 1" not in only
    assert referral["id"] in admin.get("/admin/network/changes?of=referral").text


def test_parts_and_settings_are_told_and_no_secret_is(admin: Visitor, product: Product) -> None:
    page = admin.get("/admin/network").text
    words = read_words(page)
    assert "The database Works" in words
    assert "The worker that places calls Works" in words
    assert "RING_SECONDS 20 default" in words
    assert "TWILIO_AUTH_TOKEN set" in words
    for secret in ("tests-auth-token", product.env["REDIS_URL"]):
        assert secret not in page
