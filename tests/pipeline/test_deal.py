"""What an agent makes of a claimed client in the portal: stage, hold, notes, a report; and who else may."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from tests.pipeline.client import Client
from tests.support.browser.browser import Visitor
from tests.support.browser.page import read_words
from tests.support.browser.sign_in import signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import select


def test_a_talk_makes_her_connected_and_one_tap_moves_her_on(maria: Client) -> None:
    assert maria.stage == "connected"
    assert maria.does("stage", stage="meeting") == 200
    assert maria.stage == "meeting"
    assert "You moved it to Meeting Scheduled" in maria.words
    assert "Moved to Connected by a call" in maria.words


def test_a_step_back_is_explained_or_changes_nothing(maria: Client) -> None:
    maria.does("stage", stage="met")
    assert "Say why in a few words." in maria.is_refused("stage", stage="connected")
    assert maria.stage == "met"
    assert maria.does("stage", stage="connected", reason="She put the meeting off.") == 200
    assert maria.stage == "connected"
    assert 'You moved it to Connected ("She put the meeting off.")' in maria.words


def test_failed_says_why_and_can_be_taken_back(maria: Client) -> None:
    assert "Say why in a few words." in maria.is_refused("stage", stage="failed")
    assert maria.does("stage", stage="failed", reason="Sold to her brother.") == 200
    assert "Done 1" in read_words(maria.visitor.get("/referrals").text)
    assert maria.does("stage", stage="connected", reason="The brother backed out.") == 200
    assert maria.stage == "connected"


def test_a_stage_that_is_none_changes_nothing(maria: Client) -> None:
    for stage in ("", "won", "LISTING"):
        assert "Choose one of these." in maria.is_refused("stage", stage=stage)
    assert maria.stage == "connected"


def test_the_agents_own_word_about_the_call_moves_her_back(maria: Client) -> None:
    maria.does("outcome", outcome="voicemail")
    assert maria.stage == "left_voicemail"
    maria.does("stage", stage="met")
    maria.does("outcome", outcome="talked")
    assert maria.stage == "met"  # chosen by hand, and further


def test_a_client_who_was_not_reached_has_no_stage(network: Network, product: Product, sam: AgentInTest) -> None:
    maria = Client(network, product, sam).claimed(talks=False)
    assert maria.stage is None
    assert "Call today" in read_words(maria.visitor.get("/referrals").text)


def test_on_hold_until_a_day_and_taken_up_again(maria: Client) -> None:
    day = (datetime.now(UTC) + timedelta(days=20)).date()
    assert maria.does("hold", until=day.isoformat()) == 200
    assert f"On hold until {day:%b} {day.day}" in maria.words
    assert "Waiting 1" in read_words(maria.visitor.get("/referrals").text)
    assert maria.does("hold") == 200
    assert "You took it up again" in maria.words


def test_a_hold_ends_on_a_day_to_come(maria: Client) -> None:
    assert "Give a day" in maria.is_refused("hold", until="yesterday")
    for until in ("2020-01-01", "2199-01-01"):
        assert "Choose a day after today, within a year." in maria.is_refused("hold", until=until)
    assert "On hold" not in maria.words


def test_notes_keep_their_lines_and_are_the_agents_own(maria: Client, network: Network) -> None:
    note_id = str(uuid4())
    assert maria.does("notes", id=note_id, body="Has a dog.") == 200
    assert maria.does("notes", id=note_id, body="Has a dog.\nTwo, in fact.") == 200
    assert '<p class="written">Has a dog.\nTwo, in fact.</p>' in maria.visitor.get(maria.path).text
    assert select(maria.product, "SELECT count(*) FROM note") == [(1,)]
    admin = Visitor(maria.product.url)
    admin.signs_in(flask(maria.product, "admins", "create", "boss@network.example").strip())
    desk = admin.get(f"/admin{maria.path}").text
    assert "Sam Ortiz wrote a note" in desk
    assert "Has a dog" not in desk


def test_a_note_as_it_is_typed_says_when_it_was_saved(maria: Client) -> None:
    by_htmx = {"HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}
    answer = maria.visitor.send("POST", f"{maria.path}/notes", f"id={uuid4()}&body=Half+a+thou", **by_htmx)
    assert "Saved at" in answer.text
    assert "<html" not in answer.text
    assert "Half a thou" in maria.words


def test_a_note_that_cannot_be_taken_says_why(maria: Client) -> None:
    for body, why in (("", "This is needed."), ("   ", "This is needed."), ("x" * 4001, "At most 4000 characters.")):
        assert why in maria.is_refused("notes", id=str(uuid4()), body=body)
    assert select(maria.product, "SELECT count(*) FROM note") == [(0,)]


def test_a_bad_referral_is_reported_once_with_words(maria: Client, carrier: Carrier) -> None:
    flask(maria.product, "admins", "create", "boss@network.example")
    assert "This is needed." in maria.is_refused("report", what="fake")
    assert maria.does("report", what="wrong_number", words="A bakery answers.") == 200
    assert maria.does("report", what="fake", words="Twice.") == 200
    assert "You reported it" in maria.words
    mail = carrier.inbox("boss@network.example").gets_mail("Wrong number")
    assert '"A bakery answers."' in mail.text
    assert select(maria.product, "SELECT count(*) FROM deal_event WHERE kind = 'report'") == [(1,)]


def test_nobody_else_may(maria: Client, network: Network) -> None:
    priya = signed_in(maria.product.url, network.add_agent("Priya Raman"))
    for what, form in (
        ("stage", {"stage": "met"}),
        ("hold", {}),
        ("notes", {"id": str(uuid4()), "body": "Mine now"}),
        ("report", {"what": "fake", "words": "No"}),
        ("call", {}),
    ):
        assert priya.post(f"{maria.path}/{what}", **form).status_code == 404, what
    assert priya.get(f"{maria.path}/contact.vcf").status_code == 404
    assert maria.stage == "connected"


def test_another_agents_note_is_not_written_over(maria: Client, network: Network) -> None:
    other = Client(network, maria.product, network.add_agent("Priya Raman")).claimed(talks=False)
    note_id = str(uuid4())
    maria.does("notes", id=note_id, body="Sam's")
    other.does("notes", id=note_id, body="Priya's")
    assert select(maria.product, "SELECT body FROM note") == [("Sam's",)]


def test_she_is_called_through_our_number_whenever_the_gate_lets_us(maria: Client, sam: AgentInTest) -> None:
    answer = maria.visitor.post(f"{maria.path}/call")
    assert "/o/" in answer.url
    sam.phone.rings().answer().press("1")
    phone = maria.network.client_phone(maria.referral)
    phone.rings().answer()
    maria.page.becomes("connected")
    assert "You're on a call with Maria" in maria.words
    assert "Back to the call" in maria.words
    assert "another of our agents" not in maria.words
    phone.hang_up()
    sam.phone.hang_up().is_over()
    assert maria.words.count("You talked with Maria") == 2


def test_her_contact_can_be_saved(maria: Client) -> None:
    card = maria.visitor.get(f"{maria.path}/contact.vcf")
    assert card.headers["Content-Type"].startswith("text/vcard")
    assert "FN:Maria Delgado\r\n" in card.text
    assert f"TEL;TYPE=CELL:{maria.referral['client']['phone']}\r\n" in card.text
