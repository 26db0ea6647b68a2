"""Reports of mails that came back: who may hand them in, and what is read from them."""

import base64
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from uuid import UUID, uuid4

import pytest
import requests

from app.providers.smtp.reports import read_bounce
from deploy.processes import ROOT
from tests.support.carrier.carrier import Carrier
from tests.support.world.database import Database
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

OFF = "SELECT channel, off_reason FROM agent_channel WHERE off_at IS NOT NULL"
STATUS = "SELECT status FROM notification WHERE channel = 'email' AND kind = 'offer'"


def report(message_id: str, to: str, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    """As RFC 3464 has it, with the head of the mail that came back."""
    lines = [
        "From: MAILER-DAEMON@mail.example", "To: bounces@dibs.example", "Subject: Undelivered Mail",
        "MIME-Version: 1.0", 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "",
        "--b", "Content-Type: text/plain", "", "It could not be delivered.", "",
        "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mail.example", "",
        f"Final-Recipient: rfc822; {to}", f"Action: {action}", f"Status: {status}", "",
        "--b", "Content-Type: text/rfc822-headers", "", f"Message-ID: {message_id}", f"To: {to}", "", "--b--", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


@pytest.fixture
def sent(network: Network, carrier: Carrier, database: Database) -> tuple[str, str]:
    """The Message-ID of a mail to an agent, and the agent's address."""
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    message_id = sam.mailbox.gets_mail("Seller in").headers["Message-ID"]
    eventually(lambda: database.rows(STATUS) == [("sent",)], "the mail as sent")
    return message_id, sam.email


def hand_in(product: Product, raw: bytes, *, password: str = "") -> int:
    key = password or product.env["MAIL_HOOK_KEY"]
    headers = {"Content-Type": "message/rfc822"}
    return requests.post(
        f"{product.url}/hooks/mail/bounces", raw, auth=("mail", key), headers=headers, timeout=10
    ).status_code


def test_only_with_the_key(product: Product, database: Database, sent: tuple[str, str]) -> None:
    assert hand_in(product, report(*sent), password="guessed") == 401
    key = product.env["MAIL_HOOK_KEY"]
    basic = base64.b64encode(f"mail:{key}".encode()).decode()
    for proof in ("", f"Bearer {key}", f'Digest username="mail", password="{key}"', f"Basic2 {basic}"):
        answer = requests.post(
            f"{product.url}/hooks/mail/bounces", report(*sent), headers={"Authorization": proof}, timeout=10
        )
        assert answer.status_code == 401, proof
    for user in ("", "Mail", "mail:", "root"):
        answer = requests.post(f"{product.url}/hooks/mail/bounces", report(*sent), auth=(user, key), timeout=10)
        assert answer.status_code == 401, user
    assert database.rows(OFF) == []


def test_a_report_counts_once(product: Product, database: Database, sent: tuple[str, str]) -> None:
    assert [hand_in(product, report(*sent)) for _ in range(2)] == [204, 204]
    assert database.rows(STATUS) == [("failed",)]
    assert database.rows(OFF) == [("email", "bounced")]
    assert database.rows("SELECT count(*) FROM receipt WHERE status = 'bounced'") == [(1,)]


def test_a_delay_changes_nothing(product: Product, database: Database, sent: tuple[str, str]) -> None:
    assert hand_in(product, report(*sent, action="delayed", status="4.4.1")) == 204
    assert (database.rows(STATUS), database.rows(OFF)) == ([("sent",)], [])


def test_a_full_mailbox_fails_the_mail_and_not_the_channel(
    product: Product, database: Database, sent: tuple[str, str]
) -> None:
    assert hand_in(product, report(*sent, status="5.2.2")) == 204
    assert (database.rows(STATUS), database.rows(OFF)) == ([("failed",)], [])


def test_an_address_that_was_changed_since_is_not_switched_off(
    product: Product, network: Network, database: Database, sent: tuple[str, str]
) -> None:
    database.rows("UPDATE account SET email = 'sam.new@agents.example' WHERE email = %s RETURNING 1", sent[1])
    assert hand_in(product, report(*sent)) == 204
    assert (database.rows(STATUS), database.rows(OFF)) == ([("failed",)], [])


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"Subject: hello\r\n\r\nNot a report.", b"--\r\n" * 50])
def test_what_is_no_report_is_taken_and_forgotten(product: Product, network: Network, raw: bytes) -> None:
    assert hand_in(product, raw) == 204


def test_a_report_about_no_mail_of_ours_is_forgotten(product: Product, database: Database, network: Network) -> None:
    strange = "<01900000-0000-7000-8000-000000000000@elsewhere.example>"
    assert hand_in(product, report(strange, "sam@agents.example")) == 204
    assert database.rows(OFF) == []


def test_a_mail_server_can_pipe_it_to_us(product: Product, database: Database, sent: tuple[str, str]) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "bounce"]
    subprocess.run(command, cwd=ROOT, env=product.env, input=report(*sent), check=True, capture_output=True)
    assert database.rows(OFF) == [("email", "bounced")]


def test_a_report_that_quotes_the_whole_mail_is_read_as_well() -> None:
    id_ = UUID(int=7)
    mail = EmailMessage()
    mail["Message-ID"], mail["To"] = f"<{id_}@dibs.example>", "Sam <Sam@agents.example>"
    mail.set_content("Seller in Austin")
    outer = EmailMessage()
    outer["Subject"] = "failure notice"
    outer.set_content(
        "Hi. This is the qmail-send program at mail.example.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<sam@agents.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n"
    )
    outer.add_attachment(mail)
    found = read_bounce(outer.as_bytes())
    assert found is not None
    assert (found.notification_id, found.permanent) == (id_, True)
    assert "sam@agents.example" in found.addresses


def worst(message_id: str, length: int) -> bytes:
    """A mail over which one of the detectors takes a time that grows with the cube of its length."""
    text = "This Message was undeliverable due to the following reason:\n" + "<" * length + "\n"
    body = base64.encodebytes(text.encode()).decode()
    lines = [
        "From: MAILER-DAEMON@mail.example", "To: bounces@dibs.example", "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="b"', "", "--b", "Content-Type: text/plain",
        "Content-Transfer-Encoding: base64", "", body, "--b", "Content-Type: text/plain", "",
        f"Message-ID: {message_id}", "--b--", "",
    ]  # fmt: skip
    return "\n".join(lines).encode()


def test_the_worst_mails_of_strangers_hold_nobody_up(product: Product, network: Network, carrier: Carrier) -> None:
    made_up = f"<{uuid4()}@dibs.example>"
    mails = [worst(made_up, 16_000), worst("<none@dibs.example>", 16_000), b"<" * 60_000, b"(" * 60_000]
    with ThreadPoolExecutor(len(mails)) as strangers:
        taken = [strangers.submit(hand_in, product, mail) for mail in mails]
        sam = network.add_agent()
        _, page = network.offered(sam)
        page.press("call")
        sam.phone.rings().answer().press("1").hears("It's yours")
        assert [each.result(10) for each in taken] == [204] * len(mails)


def test_the_worst_mail_of_somebody_who_has_one_of_ours_is_given_up(product: Product, sent: tuple[str, str]) -> None:
    assert hand_in(product, worst(sent[0], 16_000)) == 204
    assert hand_in(product, report(*sent)) == 204, "and the next one is read"
