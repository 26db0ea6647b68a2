"""Bodies that are too large, too slow, or too much: refused by the product itself, with nothing before it."""

import base64
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import requests
from twilio.request_validator import RequestValidator

from tests.support.carrier.carrier import Carrier
from tests.support.world.network import Network
from tests.support.world.product import Product

CROWD = 200


@contextmanager
def connection(product: Product, sent: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", product.port), timeout=15) as made:
        made.sendall(sent)
        yield made


def head(path: str, *more: str) -> bytes:
    form = "Content-Type: application/x-www-form-urlencoded"
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: dibs", form, *more, "", ""]).encode()


def answered(made: socket.socket) -> int:
    """The status of what comes back."""
    return int(made.recv(65536).split(b" ", 2)[1])


def bounce(product: Product, mail: bytes) -> bytes:
    key = base64.b64encode(f"mail:{product.env['MAIL_HOOK_KEY']}".encode()).decode()
    return head("/hooks/mail/bounces", f"Authorization: Basic {key}", f"Content-Length: {len(mail)}") + mail


def test_two_hundred_who_send_nothing_or_drops_hold_nobody_up(
    product: Product, network: Network, carrier: Carrier
) -> None:
    waiting = "Content-Length: 60000"
    beginnings = [
        b"",
        b"POST /hooks/twilio/voice HTTP/1.1\r\nHost: d",
        head("/hooks/twilio/voice", waiting),
        head("/sign-in", waiting) + b"email=",
        head("/api/v1/referrals", "Content-Length: 1000000") + b"{" * 70_000,
        head("/hooks/mail/bounces", "Transfer-Encoding: chunked") + b"1\r\na\r\n",
    ]
    worst = [b"<" * 60_000, b"(" * 60_000, b"--\r\n" * 15_000]
    with ExitStack() as stack:
        crowd = [stack.enter_context(connection(product, beginnings[i % len(beginnings)])) for i in range(CROWD)]
        mails = [stack.enter_context(connection(product, bounce(product, mail))) for mail in worst * 4]
        sam = network.add_agent()
        _, page = network.offered(sam)
        for dripping in crowd[3 :: len(beginnings)]:
            dripping.sendall(b"a")
        assert requests.get(f"{product.url}/healthz", timeout=2).ok
        page.press("call")
        sam.phone.rings().answer().press("1").hears("It's yours")
        assert {answered(mail) for mail in mails} == {204}
        assert {answered(slow) for slow in crowd[2 :: len(beginnings)]} == {408}, "and they are not waited for"


@pytest.mark.parametrize(
    "sent",
    [
        head("/sign-in", "Content-Length: 65537"),
        head("/hooks/twilio/voice", "Content-Length: 100000000000000"),
        head("/sign-in", "Transfer-Encoding: chunked") + b"10001\r\n" + b"a" * 65537 + b"\r\n0\r\n\r\n",
        head("/sign-in", "Content-Length: 1002") + b"a&" * 501,
        head("/sign-in?" + "a&" * 500, "Content-Length: 0"),
    ],
    ids=["a page's", "a hook's", "of unknown length", "many fields", "a long query"],
)
def test_what_is_too_large_is_refused(product: Product, network: Network, sent: bytes) -> None:
    with connection(product, sent) as made:
        assert answered(made) == 413


def test_the_networks_software_and_mail_servers_may_send_more(product: Product, network: Network, api_key: str) -> None:
    headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
    body = b"[" + b" " * 900_000 + b"]"
    answer = requests.post(f"{product.url}/api/v1/referrals", body, headers=headers, timeout=10)
    assert (answer.status_code, "not a JSON object" in answer.text) == (400, True), "it was read"
    for size, status in ((900_000, 204), (1_048_577, 413)):
        with connection(product, bounce(product, b"a" * size)) as made:
            assert answered(made) == status


def test_half_a_form_is_no_form(product: Product, network: Network) -> None:
    with connection(product, head("/sign-in", "Content-Length: 30") + b"email=sam@agents") as made:
        made.shutdown(socket.SHUT_WR)
        assert answered(made) == 400


@pytest.mark.parametrize("signature", ["", "x", "=" * 28, "A" * 28, "A" * 27 + "=="])
def test_what_is_not_signed_is_not_read(product: Product, network: Network, signature: str) -> None:
    many, headers = {f"a{i}": "b" for i in range(400)}, {"X-Twilio-Signature": signature}
    answer = requests.post(f"{product.url}/hooks/twilio/voice", many, headers=headers, timeout=5)
    assert answer.status_code == 403


def test_a_header_with_an_underscore_stands_for_no_other(product: Product, network: Network) -> None:
    url, form = f"{product.url}/hooks/twilio/sms", {"MessageSid": "SM" + "0" * 32, "From": "+15125551001", "Body": "hi"}
    signature = RequestValidator(product.env["TWILIO_AUTH_TOKEN"]).compute_signature(url, form)
    for name, status in (("X-Twilio-Signature", 200), ("X_Twilio_Signature", 403)):
        assert requests.post(url, form, headers={name: signature}, timeout=5).status_code == status, name


def test_paths_and_queries_arrive_as_they_were_sent(product: Product, network: Network) -> None:
    for path in ("/o/%2541", "/o/%ff", "/o/caf%C3%A9", "//o/x", "/o/a%2Fb", "/o/%00"):
        assert requests.get(product.url + path, timeout=5, allow_redirects=False).status_code in (404, 410), path
    with connection(product, b"GET /healthz HTTP/1.0\r\n\r\n") as made:
        assert answered(made) == 200
