"""A session ends when it is signed out, when email or role changes, when the agent has left, and by age."""

import re

import pytest
import requests

from tests.support.browser.browser import Visitor, hidden
from tests.support.browser.portal import Portal
from tests.support.browser.sign_in import sign_in_link
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product

CODE = re.compile(r"\b(\d{3} \d{3})\b")
AGE = "UPDATE signed_in SET created_at = created_at - %s * interval '1 hour' RETURNING id"


@pytest.fixture
def sams(product: Product, network: Network, database: Database, sam: AgentInTest) -> Visitor:
    """Sam's browser, signed in."""
    return Portal(product.url, database, sam).signs_in().visitor


@pytest.fixture
def admins(product: Product, network: Network) -> Visitor:
    """An admin's."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


def is_in(visitor: Visitor, path: str = "/referrals") -> bool:
    return "/sign-in" not in visitor.get(path).url


def copy_of(visitor: Visitor) -> Visitor:
    """Somebody else with the same cookies."""
    other = Visitor(visitor.url)
    other.takes_cookies_of(visitor)
    return other


def test_signed_out_a_copied_cookie_is_worth_nothing(sams: Visitor) -> None:
    thief = copy_of(sams)
    assert is_in(thief)
    sams.post("/sign-out")
    assert not is_in(thief)


def test_signing_out_on_one_browser_leaves_the_other_in(
    sams: Visitor, product: Product, database: Database, sam: AgentInTest
) -> None:
    other = Portal(product.url, database, sam).signs_in().visitor
    sams.post("/sign-out")
    assert (is_in(sams), is_in(other)) == (False, True)


def test_a_changed_email_signs_out_and_voids_links(
    sams: Visitor, admins: Visitor, product: Product, database: Database, sam: AgentInTest
) -> None:
    link = Portal(product.url, database, sam).sign_in_link
    asked = sign_in_link(Visitor(product.url), sam)
    fields = {"name": sam.name, "phone": sam.phone.number, "time_zone": "America/Chicago", "takes": "buyer"}
    assert admins.post(f"/admin/agents/{sam.id}", email="new@agents.example", **fields).ok
    assert not is_in(sams)
    assert requests.get(asked, timeout=10).status_code == 410
    assert requests.get(link, timeout=10).status_code == 200, "a link of the release before has no account's key"


def test_an_admin_who_is_none_any_more(admins: Visitor, product: Product) -> None:
    assert is_in(admins, "/admin/")
    flask(product, "admins", "remove", "boss@network.example")
    assert not is_in(admins, "/admin/")


def test_whoever_becomes_an_admin_signs_in_again(sams: Visitor, product: Product, sam: AgentInTest) -> None:
    flask(product, "admins", "create", sam.email)
    assert not is_in(sams)


def test_an_agent_who_has_left(
    sams: Visitor, network: Network, product: Product, database: Database, sam: AgentInTest
) -> None:
    referral = network.refer(agent_id=sam.id)
    link = network.link(referral, sam)
    flask(product, "agents", "leave", sam.email)
    assert not is_in(sams)
    assert requests.get(link, timeout=10).status_code == 404
    before = len(sam.mailbox.mails("sign-in link"))
    Visitor(product.url).post("/sign-in", email=sam.email)
    assert requests.get(Portal(product.url, database, sam).sign_in_link, timeout=10).status_code == 410
    assert len(sam.mailbox.mails("sign-in link")) == before
    refused = network.post("/referrals", network.referral_body(agent_id=sam.id))
    assert refused.status_code == 422 or refused.json()["offers"] == []


@pytest.mark.parametrize(("hours", "is_still_in"), [(11, True), (13, False)])
def test_an_admins_session_lasts_half_a_day(admins: Visitor, database: Database, hours: int, is_still_in: bool) -> None:
    database.rows(AGE, hours)
    assert is_in(admins, "/admin/") == is_still_in


@pytest.mark.parametrize(("days", "is_still_in"), [(89, True), (91, False)])
def test_an_agents_session_lasts_90_days(sams: Visitor, database: Database, days: int, is_still_in: bool) -> None:
    database.rows(AGE, days * 24)
    assert is_in(sams) == is_still_in


def test_keys_are_listed_and_revoked(product: Product, network: Network) -> None:
    flask(product, "keys", "create", "CRM of Lakeline")
    (line,) = [line for line in flask(product, "keys", "list").splitlines() if "Lakeline" in line]
    key_id = line.split()[0]
    flask(product, "keys", "revoke", key_id)
    assert "revoked" in next(line for line in flask(product, "keys", "list").splitlines() if key_id in line)


def asks(visitor: Visitor, email: str) -> dict[str, str]:
    """The hidden fields of the page that says to look into the mail."""
    page = visitor.post("/sign-in", email=email).text
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page))


def test_the_code_in_the_mail_signs_in_where_it_was_asked_for(
    network: Network, product: Product, sam: AgentInTest
) -> None:
    visitor = Visitor(product.url)
    fields = asks(visitor, sam.email)
    mail = sam.mailbox.gets_mail("sign-in link")
    found = CODE.search(mail.text)
    assert found
    assert "That code doesn" in visitor.post("/sign-in/code", code="000000", **fields).text
    assert visitor.post("/sign-in/code", code=found[1], **fields).url == f"{product.url}/referrals"
    assert is_in(visitor)
    assert requests.get(mail.link, timeout=10).status_code == 410, "link and code are spent together"
    assert "That code doesn" in Visitor(product.url).post("/sign-in/code", code=found[1], **fields).text


def code_in(text: str) -> str:
    found = CODE.search(text)
    assert found
    return found[1]


def test_the_code_comes_as_a_text_to_the_agents_own_phone_once_for_a_link(
    network: Network, product: Product, sam: AgentInTest
) -> None:
    visitor = Visitor(product.url)
    fields = asks(visitor, sam.email)
    for _ in range(2):
        assert "If we know your phone" in visitor.post("/sign-in/text", **fields).text
    code = code_in(sam.phone.gets_text("sign-in code").body)
    assert visitor.post("/sign-in/code", code=code, **fields).url == f"{product.url}/referrals"
    assert len(sam.phone.texts("sign-in code")) == 1
    assert "If we know your phone" in visitor.post("/sign-in/text", **asks(visitor, "nobody@agents.example")).text


@pytest.mark.parametrize("by", ["email", "sms"])
def test_from_the_claim_page_a_code_is_one_tap_away(
    network: Network, product: Product, sam: AgentInTest, by: str
) -> None:
    referral = network.refer(agent_id=sam.id)
    link = network.link(referral, sam)
    visitor = Visitor(product.url)
    offered = visitor.get(f"{link}/portal").text
    assert "Mail me a code" in offered
    assert "Text me a code" in offered
    page = visitor.post(f"{link}/portal", by=by).text
    assert sam.email not in offered + page, "whoever was sent the link learns no address"
    said = sam.mailbox.gets_mail("sign-in link").text if by == "email" else sam.phone.gets_text("sign-in code").body
    answer = visitor.post("/sign-in/code", code=code_in(said), asked=hidden(page, "asked"))
    assert answer.url == f"{product.url}/referrals/{referral['id']}"
    assert is_in(visitor)
    assert f"/referrals/{referral['id']}" in visitor.get(f"{link}/portal").url


def test_five_wrong_codes_and_the_link_alone_still_works(network: Network, product: Product, sam: AgentInTest) -> None:
    visitor = Visitor(product.url)
    fields = asks(visitor, sam.email)
    mail = sam.mailbox.gets_mail("sign-in link")
    answers = [visitor.post("/sign-in/code", code=f"00000{n}", **fields).status_code for n in range(7)]
    assert answers == [422] * 5 + [429] * 2
    found = CODE.search(mail.text)
    assert found
    assert visitor.post("/sign-in/code", code=found[1], **fields).status_code == 429
    assert is_in(visitor.signs_in(mail.link))


def test_an_unknown_address_reads_the_same(network: Network, product: Product, sam: AgentInTest) -> None:
    known, unknown = asks(Visitor(product.url), sam.email), asks(Visitor(product.url), "nobody@agents.example")
    assert known.keys() == unknown.keys()
    assert len(known["asked"]) == len(unknown["asked"])
    answers = [
        Visitor(product.url)
        .post("/sign-in/code", code="123456", **fields)
        .text.replace(fields["email"], "")
        .replace(fields["asked"], "")
        for fields in (known, unknown)
    ]
    assert answers[0] == answers[1]
    sam.mailbox.gets_mail("sign-in link")
