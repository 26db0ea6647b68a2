"""Each verb as Twilio documents it, from documents that a test writes; and what is not known is shown as an error."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from twilio.rest import Client

from tests.support.carrier import Carrier, Phone
from tests.support.documents import Documents
from tests.support.ports import free_port
from tests.support.product import Process
from tests.support.waiting import eventually

OURS = "+15125550100"
PHONE = "+15125557777"
ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "tests-auth-token"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Documents, Carrier]]:
    """A sandbox whose product is nothing but documents."""
    documents, port = Documents(), free_port()
    env = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("TWILIO", "SANDBOX"))},
        "PUBLIC_URL": documents.url,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_CALL_FROM": OURS,
        "SANDBOX_PORT": str(port),
        "SANDBOX_SMTP_PORT": str(free_port()),
        "SANDBOX_CALLS_PER_SECOND": "100",
        "SANDBOX_SPEED": "10",
    }
    carrier = Carrier(f"http://127.0.0.1:{port}")
    with Path(tmp_path_factory.mktemp("log") / "sandbox.log").open("ab") as log:
        sandbox = Process([sys.executable, "-m", "app.sandbox"], env, log)
        sandbox.start()
        eventually(lambda: _up(carrier), "the sandbox")
        yield documents, carrier
        sandbox.stop()
    documents.stop()


@pytest.fixture
def carrier(running: tuple[Documents, Carrier]) -> Carrier:
    """The sandbox, with nothing in it."""
    running[1].reset()
    return running[1]


@pytest.fixture
def documents(running: tuple[Documents, Carrier], carrier: Carrier) -> Documents:
    """The product's documents: none yet."""
    running[0].forget()
    return running[0]


def _up(carrier: Carrier) -> bool:
    try:
        carrier.state()
    except requests.RequestException:
        return False
    return True


def ring(carrier: Carrier, url: str, **more: str) -> Phone:
    """Calls the phone with the document at `url`."""
    client = Client(ACCOUNT, TOKEN)
    client.api.base_url = carrier.url
    client.calls.create(to=PHONE, from_=OURS, url=url, **more)
    return carrier.phone(PHONE).rings()


def heard(carrier: Carrier) -> list[str]:
    """What the voice said on the only call."""
    (call,) = carrier.state()["calls"]
    return [line["text"] for line in call["transcript"] if line["who"] == "voice"]


def test_play_is_heard_and_the_call_goes_on(carrier: Carrier, documents: Documents) -> None:
    url = documents.write(
        "/start", "<Play>https://media.example/hold.mp3</Play>", '<Play digits="1w2"/>', "<Say>After</Say>"
    )
    ring(carrier, url).answer().hears("After").is_over("completed")
    assert heard(carrier) == ["(plays https://media.example/hold.mp3)", "(plays 1w2)", "After"]
    assert carrier.state()["errors"] == []


def test_hangup_ends_the_call_and_what_stands_after_it_is_not_said(carrier: Carrier, documents: Documents) -> None:
    url = documents.write("/start", "<Say>Before</Say>", "<Hangup/>", "<Say>After</Say>")
    ring(carrier, url).answer().is_over("completed")
    assert heard(carrier) == ["Before"]


def test_reject_refuses_a_call_to_us_without_picking_up(carrier: Carrier, documents: Documents) -> None:
    documents.write("/hooks/twilio/voice", '<Reject reason="busy"/>', "<Say>Never</Say>")
    carrier.phone(PHONE).calls_us().is_over()
    (call,) = carrier.state()["calls"]
    assert (call["started"], call["transcript"]) == (None, [])
    assert documents.asked("/hooks/twilio/status").params["Direction"] == "inbound"


def test_redirect_goes_on_with_another_document(carrier: Carrier, documents: Documents) -> None:
    url = documents.write("/menu/start", "<Say>One</Say>", "<Redirect>next</Redirect>", "<Say>Never</Say>")
    documents.write("/menu/next", "<Say>Two</Say>", "<Redirect>/elsewhere</Redirect>")
    documents.write("/elsewhere", "<Say>Three</Say>")
    ring(carrier, url).answer().hears("Three").is_over("completed")
    assert heard(carrier) == ["One", "Two", "Three"]
    asked = documents.asked("/elsewhere")
    assert (asked.method, asked.params["CallStatus"], asked.params["To"]) == ("POST", "in-progress", PHONE)


def test_a_redirect_into_nothing_is_an_error_it_shows(carrier: Carrier, documents: Documents) -> None:
    url = documents.write("/start", "<Redirect>/gone</Redirect>")
    ring(carrier, url).answer().hears("application error").is_over("completed")
    assert "11200" in carrier.state()["errors"][0]
    assert "/gone" in carrier.state()["errors"][0]


def test_silence_goes_past_a_gather(carrier: Carrier, documents: Documents) -> None:
    url = documents.write("/start", '<Gather action="/keys" timeout="1"><Say>Press</Say></Gather>', "<Say>Bye</Say>")
    ring(carrier, url).answer().hears("Bye").is_over("completed")
    assert [asked.path for asked in documents.requests] == ["/start"]


def test_silence_is_told_to_the_action_when_asked_for(carrier: Carrier, documents: Documents) -> None:
    gather = '<Gather action="/keys" timeout="1" actionOnEmptyResult="true"><Say>Press</Say></Gather>'
    url = documents.write("/start", gather, "<Say>Never</Say>")
    documents.write("/keys", "<Say>Nothing came</Say>")
    ring(carrier, url).answer().hears("Nothing came").is_over("completed")
    assert documents.asked("/keys").params["Digits"] == ""
    assert "Never" not in heard(carrier)


def test_a_gather_without_an_action_asks_its_own_document_again(carrier: Carrier, documents: Documents) -> None:
    url = documents.write("/start", '<Gather numDigits="1"><Say>Press</Say></Gather>', "<Say>Bye</Say>")
    phone = ring(carrier, url).answer().press("7")
    eventually(lambda: documents.asked("/start").params.get("Digits") == "7", "the keys at the same address")
    phone.hears("Bye").is_over("completed")


@pytest.mark.parametrize(
    ("attributes", "pressed", "digits"),
    [
        ("", "12#", "12"),
        ('finishOnKey="*"', "12*", "12"),
        ('finishOnKey="*" timeout="1"', "1#2", "1#2"),
        ('finishOnKey="" numDigits="3"', "12#", "12#"),
        ('numDigits="4"', "12#", "12"),
        ('numDigits="2"', "12", "12"),
        ('timeout="1"', "123", "123"),
    ],
)
def test_keys_end_as_the_gather_says(
    carrier: Carrier, documents: Documents, attributes: str, pressed: str, digits: str
) -> None:
    url = documents.write("/start", f'<Gather action="/keys" {attributes}><Say>Your PIN</Say></Gather>')
    documents.write("/keys", "<Say>Thank you</Say>")
    ring(carrier, url).answer().press(pressed).hears("Thank you").is_over("completed")
    assert documents.asked("/keys").params["Digits"] == digits


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ("<Dance/>", "12200 <Dance> is not known"),
        ("<say>Hello</say>", "12200 <say> is not known"),
        ("<Message>Hello</Message>", "12200 <Message> is not known"),
        ("<Gather><Redirect>/x</Redirect></Gather>", "12200 <Redirect> is not known"),
        ("<Dial><Client>sam</Client></Dial>", "12200 <Client> is not known"),
        ('<Say mood="glad">Hello</Say>', "12200 <Say> has no attribute mood"),
        ('<Gather numdigits="1"/>', "12200 <Gather> has no attribute numdigits"),
        ('<Hangup when="now"/>', "12200 <Hangup> has no attribute when"),
        ('<Gather numDigits="one"/>', "numDigits='one'> is not a whole number"),
        ('<Gather actionOnEmptyResult="yes"/>', "actionOnEmptyResult='yes'> is no value"),
        ('<Redirect method="PUT">/x</Redirect>', "method='PUT'> is no value"),
        ('<Reject reason="tired"/>', "reason='tired'> is no value"),
        ('<Dial><Number statusCallbackEvent="picked-up">+1</Number></Dial>', "names an unknown event"),
    ],
)
def test_what_it_does_not_know_is_an_error_and_nothing_of_it_is_done(
    carrier: Carrier, documents: Documents, document: str, error: str
) -> None:
    url = documents.write("/start", "<Say>Hello</Say>", document)
    ring(carrier, url).answer().hears("application error").is_over("completed")
    assert heard(carrier) == ["We are sorry, an application error has occurred. Goodbye."]
    assert error in "\n".join(carrier.state()["errors"])


@pytest.mark.parametrize("text", ["Hello", "<Response><Say>Hello</Response>", "<Twiml><Say>Hello</Say></Twiml>"])
def test_what_is_no_document_is_an_error(carrier: Carrier, documents: Documents, text: str) -> None:
    documents.pages["/start"] = text
    ring(carrier, f"{documents.url}/start").answer().hears("application error").is_over("completed")
    assert "12100" in "\n".join(carrier.state()["errors"])


def test_the_fallback_takes_over_and_is_told_why(carrier: Carrier, documents: Documents) -> None:
    fallback = documents.write("/fallback", "<Say>Here we are</Say>")
    ring(carrier, f"{documents.url}/start", fallback_url=fallback).answer().hears("Here we are").is_over("completed")
    told = documents.asked("/fallback").params
    assert (told["ErrorUrl"], told["ErrorCode"]) == (f"{documents.url}/start", "11200")


def test_the_fallback_takes_over_from_what_is_no_document(carrier: Carrier, documents: Documents) -> None:
    url = documents.write("/start", "<Dance/>")
    fallback = documents.write("/fallback", "<Say>Here we are</Say>")
    ring(carrier, url, fallback_url=fallback).answer().hears("Here we are").is_over("completed")
    assert "<Dance> is not known" in carrier.state()["errors"][0]
