"""Each verb as Twilio documents it, from documents that a test writes; and what is not known is shown as an error."""

import time

import pytest

from tests.sandbox.account import PHONE, heard, ring
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.documents import Documents
from tests.support.world.waiting import eventually


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


@pytest.mark.parametrize(
    ("reject", "status"), [('<Reject reason="busy"/>', "busy"), ('<Reject reason="rejected"/>', "no-answer"),
                           ("<Reject/>", "no-answer")],
)  # fmt: skip
def test_reject_refuses_a_call_to_us_without_picking_up(
    carrier: Carrier, documents: Documents, reject: str, status: str
) -> None:
    documents.write("/hooks/twilio/voice", reject, "<Say>Never</Say>")
    carrier.phone(PHONE).calls_us().is_over(status)
    (call,) = carrier.state()["calls"]
    assert (call["started"], call["transcript"]) == (None, [])
    told = documents.asked("/hooks/twilio/status").params
    assert (told["Direction"], told["CallStatus"]) == ("inbound", status)


def test_what_is_said_and_played_is_said_as_often_as_asked(carrier: Carrier, documents: Documents) -> None:
    url = documents.write("/start", '<Say loop="2">Again</Say>', '<Pause length="2"/>', "<Say>After</Say>")
    ring(carrier, url).answer().hears("After").is_over("completed")
    assert heard(carrier) == ["Again", "Again", "After"]


def test_a_loop_of_0_goes_on_until_somebody_hangs_up(carrier: Carrier, documents: Documents) -> None:
    phone = ring(carrier, documents.write("/start", '<Play loop="0">https://media.example/hold.mp3</Play>')).answer()
    eventually(lambda: len(heard(carrier)) > 3, "the music, again and again")
    phone.hang_up().is_over("completed")


def test_keys_pressed_while_the_voice_speaks_end_it(carrier: Carrier, documents: Documents) -> None:
    said = '<Say>Press</Say><Pause length="600"/><Say>Still here</Say>'
    url = documents.write("/start", f'<Gather action="/keys" numDigits="1">{said}</Gather>')
    documents.write("/keys", "<Say>Thank you</Say>")
    ring(carrier, url).answer().hears("Press").press("1").hears("Thank you").is_over("completed")
    assert heard(carrier) == ["Press", "Thank you"]


def test_keys_that_nobody_listens_for_are_lost(carrier: Carrier, documents: Documents) -> None:
    gather = '<Gather action="/keys" numDigits="1" timeout="1"><Say>Now</Say></Gather>'
    phone = ring(carrier, documents.write("/start", "<Say>Wait</Say>", '<Pause length="5"/>', gather)).answer()
    phone.hears("Wait")
    carrier.act(f"calls/{carrier.state()['calls'][0]['sid']}/press/1")
    phone.hears("Now").is_over("completed")
    assert [asked.path for asked in documents.requests] == ["/start"]


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
        ('finishOnKey="5"', "125", "12"),
        ('actionOnEmptyResult="true"', "#", ""),
    ],
)
def test_keys_end_as_the_gather_says(
    carrier: Carrier, documents: Documents, attributes: str, pressed: str, digits: str
) -> None:
    url = documents.write("/start", f'<Gather action="/keys" {attributes}><Say>Your PIN</Say></Gather>')
    documents.write("/keys", "<Say>Thank you</Say>")
    ring(carrier, url).answer().press(pressed).hears("Thank you").is_over("completed")
    told = documents.asked("/keys").params
    assert told["Digits"] == digits
    assert told["FinishedOnKey"] == ("" if pressed == digits else pressed[-1])


def test_the_finishing_key_alone_goes_past_a_gather(carrier: Carrier, documents: Documents) -> None:
    url = documents.write("/start", '<Gather action="/keys"><Say>Press</Say></Gather>', "<Say>Bye</Say>")
    ring(carrier, url).answer().press("#").hears("Bye").is_over("completed")
    assert [asked.path for asked in documents.requests] == ["/start"]


def test_the_wait_for_keys_begins_with_each_of_them(carrier: Carrier, documents: Documents) -> None:
    url = documents.write("/start", '<Gather action="/keys" timeout="20"><Say>Your PIN</Say></Gather>')
    documents.write("/keys", "<Say>Thank you</Say>")
    phone = ring(carrier, url).answer()
    for key in "123":  # each within the 2 s that are 20 s here, and all three not
        phone.press(key)
        time.sleep(0.9)
    phone.hears("Thank you").is_over("completed")
    assert documents.asked("/keys").params["Digits"] == "123"


@pytest.mark.parametrize(
    "document",
    [
        '<Redirect method="GET">/next?a=b%20c</Redirect>',
        '<Gather method="GET" action="/next?a=b%20c" numDigits="1"><Say>Press</Say></Gather>',
    ],
)
def test_documents_are_asked_for_by_the_method_given(carrier: Carrier, documents: Documents, document: str) -> None:
    documents.write("/next", "<Say>Here</Say>")
    phone = ring(carrier, documents.write("/start", document), method="GET").answer()
    if "Gather" in document:
        phone.press("1")
    phone.hears("Here").is_over("completed")
    assert [asked.method for asked in documents.requests] == ["GET", "GET"]
    assert documents.asked("/next").params["a"] == "b c"


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
        ('<Gather numDigits="0"/>', "13314 "),
        ('<Gather finishOnKey="##"/>', "13310 "),
        ('<Gather input="speech"/>', "input='speech'> is no value"),
        ('<Redirect method="PUT">/x</Redirect>', "method='PUT'> is no value"),
        ('<Reject reason="tired"/>', "reason='tired'> is no value"),
        ('<Dial record="true">+15125557001</Dial>', "12200 <Dial> has no attribute record"),
        (f"<Dial>{'<Number>+15125557001</Number>' * 11}</Dial>", "13247 <Dial> with more than 10 numbers"),
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
