"""The admins' desk."""

import pytest

from tests.support.browser.browser import Visitor, hidden
from tests.support.browser.page import Page, read_words
from tests.support.browser.sign_in import signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import change, rows, select
from tests.support.world.waiting import eventually

AGENT = {
    "name": "Dale Whitcomb",
    "email": "dale@agents.example",
    "phone": "(512) 555-1888",
    "time_zone": "America/Chicago",
    "takes": ["buyer", "seller"],
    "consent": "yes",
}


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    """An admin, signed in."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


def form(**other: str) -> dict[str, str]:
    return {
        "kind": "seller", "client.name": "Maria Delgado", "client.phone": "512 555 7001",
        "client.email": "maria@mail.example", "area.city": "Austin", "area.state": "tx", "area.zip": "78704",
        "price.min": "$590,000", "price.max": "610000", "notes": "", **other,
    }  # fmt: skip


def test_a_referral_sent_from_the_desk_reaches_the_agent_once(
    admin: Visitor, network: Network, carrier: Carrier
) -> None:
    sam = network.add_agent()
    form_id = hidden(admin.get("/admin/referrals/new").text, "id")
    fields = form(id=form_id, to=f"agent:{sam.id}")
    first, second = admin.post("/admin/referrals/new", **fields), admin.post("/admin/referrals/new", **fields)
    assert first.url == second.url
    assert "Seller in Austin, 78704" in first.text
    assert "Delgado" not in first.text
    sam.phone.gets_text("Seller in Austin, 78704, about $600k")
    assert len(network.referral(form_id)["offers"]) == 1
    assert admin.get("/admin/").text.count('class="row"') == 1


@pytest.mark.parametrize(
    "typed", ["{name}, {email}", "{email}", "{name}", "priya RAMAN", "Lakeline Homes (team)", "lakeline homes"]
)
def test_whom_it_goes_to_can_be_typed(admin: Visitor, network: Network, typed: str) -> None:
    team = network.add_team("Lakeline Homes")
    priya = network.add_agent("Priya Raman", team)
    id_ = hidden(admin.get("/admin/referrals/new").text, "id")
    admin.post("/admin/referrals/new", **form(id=id_, to=typed.format(name=priya.name, email=priya.email)))
    assert list(network.offers({"id": id_})) == [priya.id]


def test_whom_two_could_be_meant_by_is_asked_for_again(admin: Visitor, network: Network) -> None:
    for _ in range(2):
        network.add_agent("Priya Raman")
    for typed in ("Priya Raman", "Nobody at all", "Priya Raman (team)", "agent:1"):
        answer = admin.post("/admin/referrals/new", **form(to=typed))
        assert (answer.status_code, "Choose a team or an agent." in answer.text) == (422, True), typed
        assert f'value="{typed}"' in answer.text


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(admin: Visitor, network: Network) -> None:
    answer = admin.post("/admin/referrals/new", **form(**{"client.phone": "12", "area.zip": "x", "to": ""}))
    assert answer.status_code == 422
    assert 'id="w-client.phone"' in answer.text
    assert 'id="w-area.zip"' in answer.text
    assert "Choose a team or an agent." in answer.text
    assert "This is not an id" not in answer.text, "that is for software"
    assert 'value="Maria Delgado"' in answer.text
    assert "No referrals yet" in admin.get("/admin/?show=all").text


def test_each_field_left_empty_is_named(admin: Visitor, network: Network, product: Product) -> None:
    before = rows(product)
    answer = admin.post("/admin/referrals/new", id="", to="")
    assert answer.status_code == 422
    needed = [
        "client.name",
        "client.phone",
        "client.email",
        "area.city",
        "area.state",
        "area.zip",
        "price.min",
        "price.max",
    ]
    assert [name for name in needed if f'id="w-{name}"' not in answer.text] == []
    assert "Choose a team or an agent." in answer.text
    agent = admin.post("/admin/agents/new")
    assert agent.status_code == 422
    assert [
        name for name in ("name", "email", "phone", "time_zone", "takes") if f'id="w-{name}"' not in agent.text
    ] == []
    assert admin.post("/admin/teams/new", name=" ").status_code == 422
    assert rows(product) == before


def test_an_agent_who_cannot_be_is_refused_at_the_field_and_stays_as_they_were(
    admin: Visitor, network: Network, carrier: Carrier
) -> None:
    sam, priya = network.add_agent("Sam Ortiz"), network.add_agent("Priya Raman")
    for field, value in (
        ("phone", priya.phone.number),
        ("email", priya.email),
        ("time_zone", "Texas"),
        ("phone", "12"),
    ):
        answer = admin.post(f"/admin/agents/{sam.id}", **{**AGENT, field: value})
        assert answer.status_code == 422
        assert f'id="w-{field}"' in answer.text
    assert network.get(f"/agents/{sam.id}").json()["name"] == "Sam Ortiz"


def test_the_list_says_where_each_referral_stands(admin: Visitor, network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    page = Page(sam.phone.gets_text().link)
    assert "offered to Sam" in admin.get("/admin/").text
    page.press("call")
    sam.phone.rings()
    assert "calling Sam" in admin.get("/admin/").text
    sam.phone.answer().press("1").hears("It's yours")
    network.client_phone(referral).rings().answer()
    sam.phone.hears("connected to")
    carrier.wait(
        lambda _state: "Sam is talking to them" in admin.get("/admin/?show=claimed").text,
        "the conversation on the desk",
    )
    sam.phone.hang_up().is_over()
    carrier.wait(lambda _state: "Sam has it" in admin.get("/admin/?show=claimed").text, "the end on the desk")
    assert "Delgado" not in admin.get("/admin/?show=open").text


def test_the_timeline_tells_the_story_in_plain_words(admin: Visitor, network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    Page(sam.phone.gets_text().link).press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    maria = network.client_phone(referral).rings().answer()
    eventually(lambda: network.referral(referral["id"])["calls"][0]["status"] == "connected", "they talk")
    maria.hang_up()
    sam.mailbox.gets_mail("Maria Delgado")
    page = admin.get(f"/admin/referrals/{referral['id']}").text
    story = [
        "The referral came in", "Offered to Sam Ortiz", "Sam Ortiz asked to be called", "Sam Ortiz picked up",
        "Sam Ortiz pressed 1 and has it", "Sam Ortiz and the client are talking", "The call with Sam Ortiz ended",
    ]  # fmt: skip
    assert [line for line in story if line not in page] == []
    assert sorted(story, key=page.index) == story


def test_a_client_who_was_sent_twice_is_seen_to_have_been(admin: Visitor, network: Network, sam: AgentInTest) -> None:
    body = network.referral_body(agent_id=sam.id)
    first = network.post("/referrals", body).json()
    assert "Same phone" not in admin.get(f"/admin/referrals/{first['id']}").text
    second = network.post("/referrals", {**body, "kind": "buyer"}).json()
    assert (
        f'href="/admin/referrals/{second["id"]}">Buyer in Austin, 78704</a>'
        in admin.get(f"/admin/referrals/{first['id']}").text
    )


def test_who_saw_the_clients_details_is_kept(
    admin: Visitor, network: Network, carrier: Carrier, product: Product
) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    referral = network.refer(team_id=team)
    sams, priyas = signed_in(product.url, sam), signed_in(product.url, priya)
    details = f"/referrals/{referral['id']}"
    sams.get(details)  # before the claim there is nothing to see, and nothing is kept
    Page(sam.phone.gets_text().link).press("call")
    sam.phone.rings().answer().press("1").hears("It's yours").hang_up()
    sam.mailbox.gets_mail("Maria Delgado")
    assert sams.get(details).ok
    assert not priyas.get(details).ok
    for _ in range(2):
        admin.get(f"/admin{details}")
        page = admin.post(f"/admin{details}/client").text
        assert "Maria Delgado" in page
    assert "Sam Ortiz was shown the client&#39;s details by email" in page
    assert "Sam Ortiz was shown the client&#39;s details in the portal" in page
    assert "boss@network.example was shown the client&#39;s details on the desk, 2 times so far" in page
    kept = select(product, 'SELECT email, "where" FROM client_view JOIN account ON account.id = account_id ORDER BY at')
    assert kept == [(sam.email, "email"), (sam.email, "portal"), *[("boss@network.example", "admin")] * 2]


def test_where_an_agents_consent_to_texts_was_given_is_kept(
    admin: Visitor, network: Network, carrier: Carrier, product: Product
) -> None:
    sam = network.add_agent()
    added = admin.post("/admin/agents/new", **AGENT)
    consents = select(product, "SELECT phone, sms_consent_source, sms_consent_at IS NOT NULL FROM agent ORDER BY id")
    assert consents == [(sam.phone.number, "network", True), ("+15125551888", "admin", True)]
    assert "Texts agreed on" in read_words(added.text)
    assert "(admin)" in added.text


def test_an_agent_who_is_added_is_welcomed_by_a_text(product: Product, network: Network, carrier: Carrier) -> None:
    with product.web_with(WELCOME_TEXTS="yes"):
        admin = Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())
        admin.post("/admin/agents/new", **AGENT)
        text = carrier.phone("+15125551888").gets_text("we text you referrals")
        assert text.body.startswith("Dibs: ")
        assert "HELP" in text.body
        assert "STOP" in text.body
        sam = network.add_agent()
        sam.phone.gets_text("we text you referrals")


def test_an_agent_who_has_not_agreed_to_texts_gets_none(network: Network, carrier: Carrier, product: Product) -> None:
    sam = network.add_agent()
    change(product, "UPDATE agent SET sms_consent_at = NULL, sms_consent_source = NULL")
    network.refer(agent_id=sam.id)
    assert sam.mailbox.gets_mail("Seller in Austin")
    assert select(product, "SELECT channel FROM notification WHERE status <> 'dropped'") == [("email",)]
    assert not sam.phone.texts()


def test_nobody_available_is_told_to_the_admins_at_once(admin: Visitor, network: Network, carrier: Carrier) -> None:
    buyers_only = network.add_agent(takes=["buyer"])
    network.refer(agent_id=buyers_only.id)
    assert carrier.inbox("boss@network.example").gets_mail("Nobody has it: Seller in Austin")
    assert "nobody has it" in admin.get("/admin/").text


def test_agents_are_added_edited_paused_and_resumed(admin: Visitor, network: Network, carrier: Carrier) -> None:
    assert admin.post("/admin/agents/new", **{**AGENT, "consent": ""}).status_code == 422
    added = admin.post("/admin/agents/new", **AGENT)
    assert "(512) 555-1888" in added.text
    agent_id = added.url.rpartition("/")[2]
    edited = admin.post(f"/admin/agents/{agent_id}", **{**AGENT, "name": "Dale W. Whitcomb", "takes": ["seller"]})
    assert "Dale W. Whitcomb" in edited.text
    assert network.get(f"/agents/{agent_id}").json()["takes"] == ["seller"]
    admin.post(f"/admin/agents/{agent_id}/pause")
    assert network.refer(agent_id=agent_id)["offers"] == []
    admin.post(f"/admin/agents/{agent_id}/resume")
    assert len(network.refer(agent_id=agent_id)["offers"]) == 1


def test_a_paused_agent_is_not_called(admin: Visitor, network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    page = Page(sam.phone.gets_text().link)
    admin.post(f"/admin/agents/{sam.id}/pause")
    page.press("call")
    assert page.phase == "offered"
    assert carrier.calls_placed() == 0


def test_teams_are_added_renamed_paused_and_resumed(admin: Visitor, network: Network, carrier: Carrier) -> None:
    admin.post("/admin/teams/new", name="Lakeline Homes")
    assert admin.post("/admin/teams/new", name="lakeline homes").status_code == 422
    team = network.add_team("Hill Country")
    network.add_agent(team_id=team)
    admin.post(f"/admin/teams/{team}", name="Hill Country Realty")
    assert "Hill Country Realty" in admin.get("/admin/teams").text
    admin.post(f"/admin/teams/{team}/pause")
    assert network.refer(team_id=team)["offers"] == []
    admin.post(f"/admin/teams/{team}/resume")
    assert len(network.refer(team_id=team)["offers"]) == 1
