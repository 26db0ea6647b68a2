"""The sandbox says what Twilio says: its answers, its errors, its callbacks; and our requests are Twilio's."""

import os
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.contract import check_request, check_response
from tests.support.ledger.kinds import Way
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

FROM = "+15125550100"
PHONE = "+15125557777"
QUIET = "<Response><Pause length='600'/></Response>"


@pytest.fixture
def twilio(product: Product, carrier: Carrier, network: Network) -> Client:
    """Twilio's own SDK, on the sandbox."""
    client = Client(product.env["TWILIO_ACCOUNT_SID"], product.env["TWILIO_AUTH_TOKEN"])
    client.api.base_url = carrier.url
    return client


def raw(product: Product, carrier: Carrier, method: str, path: str, **params: str) -> requests.Response:
    sid = product.env["TWILIO_ACCOUNT_SID"]
    url = f"{carrier.url}/2010-04-01/Accounts/{sid}/{path}"
    auth = (sid, product.env["TWILIO_AUTH_TOKEN"])
    where = {"params": params} if method == "GET" else {"data": params}
    return requests.request(method, url, auth=auth, timeout=10, **where)  # type: ignore[arg-type]


def test_every_answer_is_one_that_twilio_describes(product: Product, carrier: Carrier, network: Network) -> None:
    network.expects(Way.CALL, PHONE)
    network.expects(Way.TEXT, PHONE, "Hello")
    call = raw(product, carrier, "POST", "Calls.json", To=PHONE, From=FROM, Twiml=QUIET)
    message = raw(product, carrier, "POST", "Messages.json", To=PHONE, From=FROM, Body="Hello")
    answers = [
        call,
        message,
        raw(product, carrier, "GET", f"Calls/{call.json()['sid']}.json"),
        raw(product, carrier, "GET", "Calls.json", To=PHONE, From=FROM),
        raw(product, carrier, "GET", f"Messages/{message.json()['sid']}.json"),
        raw(product, carrier, "GET", "Messages.json", To=PHONE),
        raw(product, carrier, "POST", f"Calls/{call.json()['sid']}.json", Status="completed"),
    ]
    for answer in answers:
        assert answer.ok, answer.text
        path = answer.request.path_url.partition("?")[0]
        check_response(
            str(answer.request.method), path, [["To", PHONE], ["From", FROM]], answer.status_code, answer.text
        )


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"To": "12", "From": FROM, "Twiml": QUIET}, 21211),
        ({"To": PHONE, "From": "+15005550000", "Twiml": QUIET}, 21212),
        ({"To": PHONE, "From": FROM}, 21218),
    ],
)
def test_calls_are_refused_with_the_documented_codes(
    twilio: Client, product: Product, carrier: Carrier, params: dict[str, str], code: int
) -> None:
    answer = raw(product, carrier, "POST", "Calls.json", **params)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert set(answer.json()) == {"code", "message", "more_info", "status"}


def test_a_wrong_token_is_20003(carrier: Carrier, product: Product, network: Network) -> None:
    client = Client(product.env["TWILIO_ACCOUNT_SID"], "wrong")
    client.api.base_url = carrier.url
    with pytest.raises(TwilioRestException) as refused:
        client.calls.create(to=PHONE, from_=FROM, twiml=QUIET)
    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_without_credentials_there_is_nothing(carrier: Carrier, product: Product, network: Network) -> None:
    url = f"{carrier.url}/2010-04-01/Accounts/{product.env['TWILIO_ACCOUNT_SID']}/Messages.json"
    for answer in (requests.get(url, timeout=10), requests.post(url, {"To": PHONE}, timeout=10)):
        assert (answer.status_code, answer.json()["code"]) == (401, 20003)
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
    carrier.reset()


def test_too_much_is_20429(twilio: Client, carrier: Carrier) -> None:
    carrier.behaves(rest_errors=[429])
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=PHONE, from_=FROM, body="Hello")
    assert (refused.value.status, refused.value.code) == (429, 20429)


def test_stop_ends_texts_until_start(twilio: Client, network: Network, carrier: Carrier) -> None:
    network.expects(Way.TEXT, PHONE, "Hello")
    carrier.phone(PHONE).writes("STOP")
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=PHONE, from_=FROM, body="Hello")
    assert refused.value.code == 21610
    carrier.phone(PHONE).writes("START")
    assert twilio.messages.create(to=PHONE, from_=FROM, body="Hello").sid


def test_new_words_need_a_call_in_progress(twilio: Client, network: Network, carrier: Carrier) -> None:
    network.expects(Way.CALL, PHONE)
    call = twilio.calls.create(to=PHONE, from_=FROM, twiml=QUIET)
    phone = carrier.phone(PHONE).rings()
    with pytest.raises(TwilioRestException) as refused:
        twilio.calls(call.sid).update(twiml="<Response><Say>Hello</Say></Response>")
    assert refused.value.code == 21220
    phone.answer()
    twilio.calls(call.sid).update(status="canceled")
    assert twilio.calls(call.sid).fetch().status == "in-progress"
    twilio.calls(call.sid).update(twiml="<Response><Say>Something new</Say></Response>")
    phone.hears("Something new").is_over("completed")


def test_what_it_does_not_know_is_an_error_it_shows(twilio: Client, carrier: Carrier) -> None:
    twilio.calls.create(to=PHONE, from_=FROM, twiml="<Response><Dance/></Response>")
    carrier.phone(PHONE).rings().answer().hears("application error").is_over()
    assert "<Dance> is not known" in carrier.state()["errors"][0]
    carrier.reset()


def test_a_wrong_event_name_brings_no_callbacks_and_is_shown(twilio: Client, carrier: Carrier) -> None:
    twilio.calls.create(
        to=PHONE, from_=FROM, twiml=QUIET, status_callback="http://127.0.0.1:9/x", status_callback_event=["picked-up"]
    )
    carrier.phone(PHONE).rings().decline().is_over("busy")
    assert "picked-up" in carrier.state()["errors"][0]
    carrier.reset()


def test_one_call_a_second_unless_told_otherwise(tmp_path: Any) -> None:
    from sandbox.settings import load

    assert "SANDBOX_CALLS_PER_SECOND" not in os.environ
    assert load().calls_per_second == 1


def test_callbacks_are_signed_and_numbered_in_order(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    Page(sam.phone.gets_text().link).press("call")
    sam.phone.rings().answer().press("1")
    sam.phone.hears("It's yours").hang_up()

    def reported(state: dict[str, Any]) -> list[dict[str, str]]:
        return [c["params"] for c in state["callbacks"] if c["url"].endswith("/status")]

    events = carrier.wait(lambda s: reported(s) if len(reported(s)) == 4 else None, "the four events of a call")
    assert [e["CallStatus"] for e in events] == ["initiated", "ringing", "in-progress", "completed"]
    assert [e["SequenceNumber"] for e in events] == ["0", "1", "2", "3"]
    assert all(e["Timestamp"].endswith("+0000") and e["CallbackSource"] for e in events)
    assert {callback["answer"] for callback in carrier.state()["callbacks"]} <= {200, 204}, "ours took each signature"


def test_every_request_we_make_is_one_that_twilio_describes(network: Network, carrier: Carrier) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    network.refer(team_id=team)
    page = Page(sam.phone.gets_text().link)
    Page(priya.phone.gets_text().link).press("call")
    priya.phone.rings()
    page.press("call")
    sam.phone.rings()
    page.press("stop")
    sam.phone.is_over("canceled")
    eventually(lambda: page.phase == "offered", "the call can be asked for again")
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    priya.phone.is_over()
    made = carrier.state()["requests"]
    assert {(r["method"], r["path"].rpartition("/")[2][:5]) for r in made} >= {("POST", "Calls"), ("POST", "Messa")}
    for request in made:
        check_request(request["method"], request["path"], request["params"])


def test_receipts_bring_delivery_or_its_failure(network: Network, carrier: Carrier) -> None:
    reached, lost = network.add_agent("Sam Ortiz"), network.add_agent("Priya Raman")
    carrier.act("phones", number=lost.phone.number, delivery="30003")
    for agent in (reached, lost):
        network.refer(agent_id=agent.id)
        agent.phone.gets_text()

    def receipts(state: dict[str, Any]) -> set[tuple[str, str | None]]:
        found = [c["params"] for c in state["callbacks"] if "/messages/" in c["url"]]
        return {(r["MessageStatus"], r.get("ErrorCode")) for r in found}

    want = {("sent", None), ("delivered", None), ("undelivered", "30003")}
    carrier.wait(lambda s: receipts(s) == want, "the receipts")
