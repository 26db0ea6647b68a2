"""The mail server refuses, delays and returns mail as real ones do."""

import email
import smtplib
from base64 import b64encode
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from tests.sandbox.account import HOOK_KEY
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.documents import Documents

SENDER = "bounces@dibs.example"
MESSAGE_ID = "<offer-1@dibs.example>"
HOOK = "/hooks/mail/bounces"


def letter(*to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Dibs <d@dibs.example>", ", ".join(to), "Señora Muñoz sells"
    message["Message-ID"] = MESSAGE_ID
    message.set_content("Open to claim: señora Muñoz")
    message.add_alternative("<p>Open to claim</p>", subtype="html")
    return message


def send(smtp: smtplib.SMTP, *to: str, sender: str = SENDER) -> None:
    smtp.send_message(letter(*to), from_addr=sender, to_addrs=to)


def bounces(carrier: Carrier, count: int = 1) -> list[dict[str, Any]]:
    """The reports, once they have been handed over."""
    found: list[dict[str, Any]] = carrier.wait(
        lambda s: s["bounces"] if len([b for b in s["bounces"] if b["answer"]]) == count else None, "the bounces"
    )
    return found


def report(text: str) -> EmailMessage:
    parsed = email.message_from_string(text, policy=default)
    assert isinstance(parsed, EmailMessage)
    assert parsed.get_content_type() == "multipart/report"
    assert parsed.get_param("report-type") == "delivery-status"
    assert parsed.defects == []
    return parsed


@pytest.mark.parametrize(("name", "code", "words"), [("nobody", 550, b"5.1.1"), ("busy", 451, b"4.3.2")])
def test_an_address_is_refused_at_once(
    smtp: smtplib.SMTP, carrier: Carrier, name: str, code: int, words: bytes
) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(smtp, f"{name}.ortiz@agents.example")
    ((given, text),) = refused.value.recipients.values()
    assert (given, text[:5]) == (code, words)
    assert carrier.state()["mails"] == []


def test_spam_is_refused_when_it_has_been_read(smtp: smtplib.SMTP, carrier: Carrier) -> None:
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(smtp, "spam@agents.example")
    assert (refused.value.smtp_code, bytes(refused.value.smtp_error)[:5]) == (554, b"5.7.1")
    assert carrier.state()["mails"] == []


def test_the_others_still_get_theirs(smtp: smtplib.SMTP, carrier: Carrier) -> None:
    assert set(smtp.send_message(letter("sam@agents.example"), SENDER, ["sam@agents.example", "nobody@x.example"])) == {
        "nobody@x.example"
    }
    (mail,) = carrier.state()["mails"]
    assert (mail["to"], mail["envelope_sender"]) == (["sam@agents.example"], SENDER)


def test_an_account_that_is_gone_brings_a_report(smtp: smtplib.SMTP, carrier: Carrier, documents: Documents) -> None:
    documents.write(HOOK)
    send(smtp, "gone.ortiz@agents.example")
    (bounce,) = bounces(carrier)
    assert (bounce["action"], bounce["status"], bounce["answer"]) == ("failed", "5.1.1", 200)
    assert bounce["mail"] == carrier.state()["mails"][0]["id"]
    made = report(bounce["report"])
    assert (made["To"], made["Return-Path"], made["Auto-Submitted"]) == (SENDER, "<>", "auto-replied")
    assert "MAILER-DAEMON@" in made["From"]
    words, status, original = made.iter_parts()
    assert "gone.ortiz@agents.example" in words.get_content()
    assert status.get_content_type() == "message/delivery-status"
    about_mail, about_recipient = status.get_payload()
    assert about_mail["Reporting-MTA"].startswith("dns; ")
    assert about_recipient["Final-Recipient"] == "rfc822; gone.ortiz@agents.example"
    assert (about_recipient["Action"], about_recipient["Status"]) == ("failed", "5.1.1")
    assert about_recipient["Diagnostic-Code"].startswith("smtp; 550 5.1.1")
    assert original.get_content_type() == "message/rfc822"
    assert original.get_content()["Message-ID"] == MESSAGE_ID


def test_a_full_mailbox_brings_a_report_that_it_will_be_tried_again(
    smtp: smtplib.SMTP, carrier: Carrier, documents: Documents
) -> None:
    documents.write(HOOK)
    send(smtp, "full@agents.example")
    (bounce,) = bounces(carrier)
    _words, status, headers = report(bounce["report"]).iter_parts()
    about_recipient = status.get_payload()[1]
    assert (about_recipient["Action"], about_recipient["Status"]) == ("delayed", "4.2.2")
    assert about_recipient["Will-Retry-Until"]
    assert headers.get_content_type() == "text/rfc822-headers"
    assert email.message_from_string(headers.get_content(), policy=default)["Message-ID"] == MESSAGE_ID


def test_a_report_is_handed_over_as_a_mail_provider_does(
    smtp: smtplib.SMTP, carrier: Carrier, documents: Documents
) -> None:
    documents.write(HOOK)
    send(smtp, "gone@agents.example", "full@agents.example", "sam@agents.example")
    kept = bounces(carrier, 2)
    asked = [one for one in documents.requests if one.path == HOOK]
    assert {one.headers["Content-Type"] for one in asked} == {"message/rfc822"}
    assert {one.headers["Authorization"] for one in asked} == {
        f"Basic {b64encode(f'mail:{HOOK_KEY}'.encode()).decode()}"
    }
    assert {one.body.replace("\r\n", "\n") for one in asked} == {one["report"].replace("\r\n", "\n") for one in kept}
    assert carrier.has_told_everything()


def test_an_answer_that_is_no_thanks_is_kept(smtp: smtplib.SMTP, carrier: Carrier, documents: Documents) -> None:
    send(smtp, "gone@agents.example")
    assert bounces(carrier)[0]["answer"] == 404


def test_nobody_hears_what_became_of_a_mail_without_a_sender(smtp: smtplib.SMTP, carrier: Carrier) -> None:
    send(smtp, "gone@agents.example", sender="")
    state = carrier.state()
    assert ([mail["envelope_sender"] for mail in state["mails"]], state["bounces"]) == ([""], [])
