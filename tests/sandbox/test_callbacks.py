"""What the carrier tells the product: signed, in order, by the method asked for; and how calls wait for their turn."""

import sys
from pathlib import Path

import pytest
from twilio.request_validator import RequestValidator

from tests.sandbox.account import ACCOUNT, OURS, PHONE, TOKEN, client, ring
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.documents import Asked, Documents
from tests.support.world.product import Process
from tests.support.world.waiting import eventually

EVENTS = ["initiated", "ringing", "answered", "completed"]


def is_signed(asked: Asked) -> bool:
    """Whether Twilio's own validator accepts the signature, as the product's address was asked for."""
    params = {} if asked.method == "GET" else asked.params
    return bool(RequestValidator(TOKEN).validate(asked.url, params, asked.signature))


def statuses(documents: Documents, path: str) -> list[str]:
    return [asked.params["CallStatus"] for asked in documents.requests if asked.path == path]


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_every_request_is_signed_over_the_address_as_it_was_given(
    carrier: Carrier, documents: Documents, method: str
) -> None:
    url = documents.write("/start", f'<Gather action="/keys?asked=1&amp;name=a%20b" method="{method}" numDigits="1"/>')
    documents.write("/keys", "<Say>Thank you</Say>")
    phone = ring(
        carrier, url, status_callback=f"{documents.url}/status?x=%C3%A9", status_callback_event=EVENTS,
        status_callback_method=method, method=method,
    )  # fmt: skip
    phone.answer().press("1").hears("Thank you").is_over("completed")
    eventually(lambda: len(statuses(documents, "/status")) == 4, "four events")
    assert {asked.method for asked in documents.requests} == {method}
    assert [asked.path for asked in documents.requests if not is_signed(asked)] == []


def test_the_end_alone_is_reported_unless_more_is_asked_for(carrier: Carrier, documents: Documents) -> None:
    phone = ring(carrier, documents.write("/start", "<Say>Hello</Say>"), status_callback=f"{documents.url}/status")
    phone.answer().is_over("completed")
    ended = documents.asked("/status").params
    assert statuses(documents, "/status") == ["completed"]
    assert ended["CallDuration"].isdigit()
    assert (ended["From"], ended["To"], ended["Direction"]) == (OURS, PHONE, "outbound-api")


@pytest.mark.parametrize(
    ("mode", "seen"),
    [("busy", ["initiated", "ringing", "busy"]), ("unreachable", ["initiated", "failed"]),
     ("manual", ["initiated", "ringing", "no-answer"])],
)  # fmt: skip
def test_a_call_that_reached_nobody_reports_why(
    carrier: Carrier, documents: Documents, mode: str, seen: list[str]
) -> None:
    carrier.act("phones", number=PHONE, mode=mode)
    client(carrier).calls.create(
        to=PHONE, from_=OURS, url=documents.write("/start"), timeout=1, status_callback=f"{documents.url}/status",
        status_callback_event=EVENTS,
    )  # fmt: skip
    eventually(lambda: statuses(documents, "/status") == seen, f"{seen}")


def test_the_fallback_is_asked_for_by_its_own_method(carrier: Carrier, documents: Documents) -> None:
    fallback = documents.write("/fallback", "<Say>Here we are</Say>")
    phone = ring(carrier, f"{documents.url}/start", fallback_url=fallback, fallback_method="GET")
    phone.answer().hears("Here we are").is_over("completed")
    assert documents.asked("/fallback").method == "GET"


@pytest.mark.parametrize(
    ("delivery", "seen"),
    [
        ("delivered", [("sent", None), ("delivered", None)]),
        ("30003", [("sent", None), ("undelivered", "30003")]),
        ("30001", [("failed", "30001")]),
    ],
)
def test_receipts_come_in_order_with_their_codes(
    carrier: Carrier, documents: Documents, delivery: str, seen: list[tuple[str, str | None]]
) -> None:
    carrier.act("phones", number=PHONE, delivery=delivery)
    made = client(carrier).messages.create(
        to=PHONE, from_=OURS, body="Hello", status_callback=f"{documents.url}/receipt"
    )
    assert made.status == "queued"

    def receipts() -> list[tuple[str, str | None]]:
        return [(asked.params["MessageStatus"], asked.params.get("ErrorCode")) for asked in documents.requests]

    eventually(lambda: receipts() == seen, f"{seen}")
    assert all(is_signed(asked) for asked in documents.requests)
    found = client(carrier).messages(made.sid).fetch()
    assert (found.status, found.error_code) == (seen[-1][0], int(seen[-1][1]) if seen[-1][1] else None)


def test_calls_wait_for_their_turn_one_a_second(tmp_path: Path, documents: Documents) -> None:
    from tests.sandbox.conftest import environment, up
    from tests.support.world.ports import free_port

    port = free_port()
    env = environment(documents.url, port)
    del env["SANDBOX_CALLS_PER_SECOND"]
    carrier = Carrier(f"http://127.0.0.1:{port}")
    sandbox = Process([sys.executable, "-m", "sandbox"], env, tmp_path / "log")
    sandbox.start()
    eventually(lambda: up(carrier), "the sandbox")
    calls = client(carrier).calls
    made = [
        calls.create(to=f"+1512555700{n}", from_=OURS, url=documents.write("/start"),
                     status_callback=f"{documents.url}/status/{n}", status_callback_event=["initiated"])
        for n in range(3)
    ]  # fmt: skip
    assert [call.status for call in made] == ["queued"] * 3
    waits = [int(call.queue_time) for call in made]
    assert waits[0] == 0
    assert 800 < waits[1] <= 1000
    assert 1800 < waits[2] <= 2000
    assert carrier.state()["calls"][2]["status"] == "queued"
    calls(made[1].sid).update(status="canceled")
    carrier.phone("+15125557002").rings()
    documents.asked("/status/2")
    assert [asked.path for asked in documents.requests] == ["/status/0", "/status/2"]
    assert calls(made[1].sid).fetch().status == "canceled"
    sandbox.stop()


def test_lists_come_in_pages_filtered_by_who_was_called(carrier: Carrier, documents: Documents) -> None:
    for n in range(5):
        client(carrier).messages.create(to=PHONE if n else "+15125557001", from_=OURS, body=f"Text {n}")
    found = client(carrier).messages.list(to=PHONE, page_size=3)
    assert [message.body for message in found] == ["Text 4", "Text 3", "Text 2", "Text 1"]
    assert ACCOUNT in found[0].uri
