"""An agent who has chosen Spanish is written to, called and shown everything in it; a client by their own language."""

import re

import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page, read_words
from tests.support.browser.sign_in import signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import select

ENGLISH = re.compile(
    r"\b(the|you|your|yours|and|with|of|for|is|are|was|were|from|this|that|it|we|our|not|will|have|been|by|they|their|who"
    r"|what|when|where|open|until|call|called|claim|claimed|save|sign|back|today|yesterday|since|new|email|phone)\b",
    re.IGNORECASE,
)
"""Words that no Spanish sentence has, and no name in these tests."""
SPOKEN = re.compile(r'(?:aria-label|placeholder|title|alt|data-title)="([^"]*)"')
NOTE = "Quiere vender en marzo."


def english_on(html: str) -> list[str]:
    """English words that a page shows or reads out."""
    said = read_words(re.sub(r"<(style|script)\b.*?</\1>", " ", html, flags=re.DOTALL))
    return ENGLISH.findall(" ".join([re.sub(r"\S+@\S+|\bEnglish\b", " ", said), *SPOKEN.findall(html)]))


UNTIL = r"Abierto hasta (las? \d|el \d+ \w+, \d)"
"""An hour of today; after half past eleven at night, of tomorrow."""


@pytest.fixture
def sam(network: Network) -> AgentInTest:
    return network.add_agent("Sam Ortiz", network.add_team("Lakeline"), language="es", lead=True)


def offered(network: Network, sam: AgentInTest) -> tuple[dict[str, object], Page]:
    referral = network.refer(team_id=sam.team_id, notes=NOTE)
    return referral, Page(sam.phone.gets_text("Responde 1").link)


def test_an_offer_comes_in_spanish_by_every_channel(network: Network, sam: AgentInTest, carrier: Carrier) -> None:
    browser = carrier.subscriber("Android")
    account = signed_in(network.url, sam)
    answer = account.send("POST", "/push/subscriptions", browser.subscription)
    assert answer.ok, answer.text
    offered(network, sam)
    text = sam.phone.gets_text("Responde 1")
    assert text.body.startswith("Dibs: Vendedor en Austin, 78704, unos $600 mil. Responde 1 y te llamamos, 2 si no: ")
    assert text.segments == 1
    mail = sam.mailbox.gets_mail("Vendedor en Austin, 78704, unos $600 mil")
    assert "Hola, Sam:" in mail.text
    assert re.search(UNTIL, mail.text)
    (push,) = carrier.wait(lambda _state: browser.pushes(), "a push")
    payload = push.payload
    assert [action["title"] for action in payload["actions"]] == ["Llámame", "Rechazar"]
    assert re.match(rf"Unos \$600 mil\. {UNTIL}", payload["body"])


def test_the_claim_page_and_the_voice_speak_it_through_a_whole_call(network: Network, sam: AgentInTest) -> None:
    referral, page = offered(network, sam)
    assert english_on(page.response.text) == []
    assert "Maria quiere vender y espera tu llamada." in page.words
    for beside in ("/decline", "/number", "/portal"):
        assert english_on(Visitor(network.url).get(page.link + beside).text) == [], beside
    page.press("call")
    sam.phone.rings()
    page.becomes("ringing")
    assert "Tu teléfono está sonando. Oprime 1 para reclamar." in page.words.replace("\xa0", " ")
    sam.phone.answer().hears("Habla Dibs. Un vendedor en Austin, unos 600 mil dólares. Oprime 1 para reclamarlo")
    assert english_on(page.response.text) == []
    sam.phone.press("1").hears("Uno. Es tuyo. Te conectamos con Maria.")
    maria = network.client_phone(referral).rings().answer()
    page.becomes("connected")
    assert english_on(page.response.text) == []
    maria.hang_up()
    sam.phone.hears("¿Cómo te fue? Si hablaron, oprime 1.").press("1").hears("Bien. Adiós.").is_over()
    assert {line["language"] for line in sam.phone.lines() if line["who"] == "voice"} == {"es-US"}
    page.becomes("claimed")
    assert english_on(page.response.text) == []
    details = sam.mailbox.gets_mail("tu vendedor en Austin")
    assert "Precio: Unos $600 mil" in details.text
    assert 'lang="es"' in details.html


def test_every_page_of_the_portal_speaks_it(network: Network, product: Product, sam: AgentInTest) -> None:
    referral, page = offered(network, sam)
    page.press("call")
    sam.phone.rings().answer().press("1")
    network.client_phone(referral).rings().answer()
    page.becomes("connected")
    sam.phone.hang_up().is_over()
    page.becomes("claimed")
    network.refer(team_id=sam.team_id, kind="buyer")
    visitor = signed_in(product.url, sam)
    client = f"/referrals/{referral['id']}"
    visitor.post(f"{client}/hold", until="2026-12-24")
    visitor.post(f"{client}/report", what="fake", words="Nadie vive en esa casa.")
    for path in (
        "/referrals", client, "/referrals/past", "/team", "/figures", "/me", "/channels", "/channels?first=1",
        "/referrals?q=zzz", "/nothing/here",
    ):  # fmt: skip
        html = visitor.get(path).text
        assert '<html lang="es">' in html, path
        assert english_on(html) == [], path
    refused = {f"{client}/stage": {"stage": "failed"}, f"{client}/release": {}, "/me/pause": {"until": "?"}}
    for path, form in refused.items():
        answer = visitor.post(path, **form)
        assert (answer.status_code, english_on(answer.text)) == (422, []), path


def test_whoever_was_not_first_and_asks_too_late_is_told_in_it(network: Network, sam: AgentInTest) -> None:
    priya = network.add_agent("Priya Raman", sam.team_id)
    referral, page = offered(network, sam)
    Page(priya.phone.gets_text("Reply 1").link).press("call")
    priya.phone.rings().answer().press("1").hears("It's yours. Connecting you to Maria.")
    network.client_phone(referral).rings()
    text = sam.phone.gets_text("ha llegado antes")
    assert "Priya ha llegado antes: vendedor en Austin, 78704." in text.body
    page.becomes("lost")
    assert english_on(page.response.text) == []
    sam.phone.writes("1")
    assert sam.phone.gets_text("Priya ha llegado antes: vendedor en Austin TX.")
    priya.phone.hang_up().is_over()


def test_a_text_is_answered_in_it(network: Network, sam: AgentInTest) -> None:
    sam.phone.writes("1")
    assert sam.phone.gets_text("Ahora no tienes referidos abiertos. Te escribimos cuando haya uno.")
    offered(network, sam)
    sam.phone.writes("¿Qué hago?")
    assert sam.phone.gets_text("responde 1, te llamamos y oprimes 1 para reclamarlo")
    sam.phone.writes("Llámame")
    sam.phone.rings().decline().is_over()


def test_a_call_by_pin_is_answered_in_the_language_of_the_phone(network: Network, sam: AgentInTest) -> None:
    sam.phone.calls_us(verified=False).hears("Para reclamar un referido, escribe los seis dígitos de su PIN.")
    sam.phone.hang_up().is_over()


def test_a_client_is_spoken_to_in_their_own_language_and_the_agent_in_theirs(
    network: Network, sam: AgentInTest
) -> None:
    body = network.referral_body()["client"]
    sally = network.add_agent("Sally Park")
    referral = network.refer(agent_id=sally.id, client={**body, "language": "es"})
    page = Page(sally.phone.gets_text("Reply 1").link)
    page.press("call")
    sally.phone.rings().answer().press("1")
    phone = network.client_phone(referral)
    phone.rings().decline()
    sally.phone.is_over()
    page.becomes("client_missed")
    phone.calls_us().hears("Habla Dibs. Le conectamos con Sally, su agente.")
    sally.phone.rings().answer().hears("Maria Delgado, your seller in Austin. Press 1 to take the call.")
    sally.phone.hang_up()
    phone.hears("Sally no puede atender ahora. Deje un mensaje después del tono").hang_up().is_over()
    sally.phone.gets_text("called you back")


def test_it_is_chosen_on_their_own_page_and_on_the_desk(network: Network, product: Product) -> None:
    lee = network.add_agent("Lee Park")
    visitor = signed_in(product.url, lee)
    assert "Your referrals" in read_words(visitor.get("/referrals").text)
    assert "Idioma" in read_words(visitor.post("/me/language", language="es").text)
    assert "Tus referidos" in read_words(visitor.get("/referrals").text)
    refused = visitor.post("/me/language", language="tlh")
    assert refused.status_code == 422
    assert "Indica en o es." in read_words(refused.text)
    admin = Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())
    assert re.search(r'<option value="es" selected>', admin.get(f"/admin/agents/{lee.id}/edit").text)
    assert "Language: en to es" in read_words(admin.get(f"/admin/agents/{lee.id}").text)
    assert network.get(f"/agents/{lee.id}").json()["language"] == "es"
    wrong = network.post("/agents", {"name": "A", "language": "de"})
    assert "language" in [error["field"] for error in wrong.json()["errors"]]
    assert select(product, "SELECT language FROM agent") == [("es",)]


@pytest.mark.parametrize("path", ["/sign-in", "/nothing/here", "/offline"])
def test_who_is_not_known_is_spoken_to_as_their_browser_asks(product: Product, path: str) -> None:
    stranger = Visitor(product.url)
    assert english_on(stranger.get(path, **{"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}).text) == []
    assert '<html lang="en">' in stranger.get(path, **{"Accept-Language": "fr"}).text
