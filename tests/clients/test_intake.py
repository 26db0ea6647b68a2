"""What a network knows of a client can be told, over the API and on the desk; all of it but the name is optional."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.browser.browser import Visitor, hidden
from tests.support.browser.sign_in import signed_in
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network, wrong_fields
from tests.support.world.product import Product
from tests.support.world.rows import rows, select

MARIA = {"name": "Maria Delgado", "phone": "(512) 555-7001", "email": "maria@mail.example"}
KNOWN = {
    "first_name": "Maria", "language": "es", "time_zone": "America/New_York", "prefers": "text",
    "address": "1200 Barton Springs Rd", "best_time": "evenings",
}  # fmt: skip
CONSENT = {
    "basis": "written", "at": "2026-03-02T09:04:05-06:00", "channels": ["call", "text"],
    "text": "I agree to be called and texted.", "url": "https://homes.example/sell",
    "certificate": "https://cert.trustedform.example/0f1e",
}  # fmt: skip
OF_REFERRAL = {"source": "website", "timeline": "in 3 months", "external_id": "lead-4711"}


def test_all_of_it_is_kept_and_shown_after_the_claim(network: Network, sam: AgentInTest, product: Product) -> None:
    client = {**MARIA, **KNOWN, "consent": CONSENT}
    referral, page = network.offered(sam, client=client, **OF_REFERRAL)
    assert referral.items() >= OF_REFERRAL.items()
    assert referral["client"] == {**MARIA, **KNOWN, "phone": "+15125557001"}
    assert "Barton Springs" not in page.words
    assert "evenings" not in page.words
    kept = select(product, "SELECT basis, ways, words, url, certificate, given_at FROM consent")
    told = tuple(CONSENT[name] for name in ("basis", "channels", "text", "url", "certificate"))
    assert kept == [(*told, datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC))]
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours").hang_up()
    mail = sam.mailbox.gets_mail("Maria Delgado")
    shown = signed_in(product.url, sam).get(f"/referrals/{referral['id']}").text
    for words in ("1200 Barton Springs Rd", "evenings", "a text", "in 3 months"):
        assert words in mail.text
        assert words in shown
    assert "Spanish" in shown


def test_a_name_can_be_given_in_its_parts(network: Network, sam: AgentInTest) -> None:
    parts = {"first_name": "Kim", "last_name": "Le Tran", "phone": MARIA["phone"], "email": MARIA["email"]}
    referral, page = network.offered(sam, client=parts)
    assert referral["client"]["name"] == "Kim Le Tran"
    page.press("call")
    sam.phone.rings().answer().press("1").hears("Kim").hang_up()


@pytest.mark.parametrize(
    ("client", "field"),
    [
        ({"language": "xx1"}, "client.language"),
        ({"time_zone": "Austin"}, "client.time_zone"),
        ({"prefers": "fax"}, "client.prefers"),
        ({"address": "x" * 201}, "client.address"),
        ({"name": None}, "client.name"),
        ({"consent": {**CONSENT, "basis": "implied"}}, "client.consent.basis"),
        ({"consent": {**CONSENT, "at": "yesterday"}}, "client.consent.at"),
        ({"consent": {**CONSENT, "at": "2999-01-01T00:00:00Z"}}, "client.consent.at"),
        ({"consent": {**CONSENT, "channels": []}}, "client.consent.channels"),
        ({"consent": {**CONSENT, "channels": ["fax"]}}, "client.consent.channels"),
        ({"consent": {**CONSENT, "url": "javascript:alert(1)"}}, "client.consent.url"),
        ({"consent": {"basis": "oral"}}, "client.consent.at"),
        ({"surname": "Delgado"}, "client.surname"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_written(
    network: Network, sam: AgentInTest, product: Product, client: dict[str, Any], field: str
) -> None:
    answer = network.post("/referrals", network.referral_body(agent_id=sam.id, client={**MARIA, **client}))
    assert (answer.status_code, wrong_fields(answer)) == (422, [field])
    assert "client" not in rows(product)


def test_consent_can_be_made_compulsory(network: Network, sam: AgentInTest, product: Product) -> None:
    with product.web_with(CONSENT_REQUIRED="yes"):
        refused = network.post("/referrals", network.referral_body(agent_id=sam.id, client=MARIA))
        assert wrong_fields(refused) == ["client.consent"]
        taken = network.post("/referrals", network.referral_body(agent_id=sam.id, client={**MARIA, "consent": CONSENT}))
        assert taken.status_code == 201


def test_the_form_of_the_desk_takes_it_all(network: Network, sam: AgentInTest, product: Product) -> None:
    admin = Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())
    fields = {
        "id": hidden(admin.get("/admin/referrals/new").text, "id"), "to": f"agent:{sam.id}", "kind": "seller",
        "area.city": "Austin", "area.state": "TX", "area.zip": "78704", "price.min": "590000", "price.max": "610000",
        **{f"client.{name}": value for name, value in (MARIA | KNOWN).items() if name != "first_name"}, **OF_REFERRAL,
        "client.consent.basis": "oral", "client.consent.at": "2026-03-02T09:04", "client.consent.channels": "text",
        "client.consent.text": "Yes, text me.",
    }  # fmt: skip
    wrong = admin.post("/admin/referrals/new", **{**fields, "client.consent.at": ""})
    assert wrong.status_code == 422
    assert 'id="w-client.consent.at"' in wrong.text
    assert 'value="oral" selected' in wrong.text
    admin.post("/admin/referrals/new", **fields)
    shown = admin.post(f"/admin/referrals/{fields['id']}/client").text
    for words in ("Spanish", "Eastern Time", "a text", "evenings", "1200 Barton Springs Rd", "lead-4711", "website"):
        assert words in shown, words
    assert "Their spoken word allows texts, since Mar 2, 2026" in shown
    assert "Yes, text me." in shown
    assert select(product, "SELECT ways, given_at AT TIME ZONE 'UTC' FROM consent")[0][0] == ["text"]
    assert network.referral(fields["id"])["client"].items() >= {"prefers": "text", "language": "es"}.items()
