"""A mail on the wire: seven bits, CRLF, and what any mail program reads from it is what was written."""

import email
from datetime import UTC, datetime
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.providers.smtp.message import Mail, as_bytes

WORDS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=200).map(
    lambda text: " ".join(text.split())
)
LINES = st.lists(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=300), max_size=20).map("\n".join)
LONG_LINK = "https://dibs.example/u/" + "x" * 120
AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def mail_of(*, subject: str = "Seller in Austin", text: str = "Hello\n", html: str = "<p>Hello</p>") -> Mail:
    return Mail("sam@agents.example", subject, text, html, "<1@dibs.example>", AT, LONG_LINK)


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


@given(subject=WORDS, text=LINES, html=LINES)
def test_what_is_read_is_what_was_written(subject: str, text: str, html: str) -> None:
    content = as_bytes(mail_of(subject=subject, text=text, html=html), "Dibs <hello@dibs.example>")
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    message = read(content)
    assert message["Subject"] == subject
    for kind, words in (("plain", text), ("html", html)):
        part = message.get_body((kind,))
        assert part is not None
        assert part.get_content().replace("\r\n", "\n").rstrip("\r\n") == words.rstrip("\n")


def test_its_headers_are_all_there() -> None:
    message = read(as_bytes(mail_of(), "Dibs <hello@dibs.example>"))
    assert dict(message.items()) | {"Content-Type": ""} == {
        "Content-Type": "",
        "MIME-Version": "1.0",
        "From": "Dibs <hello@dibs.example>",
        "To": "sam@agents.example",
        "Subject": "Seller in Austin",
        "Date": "Tue, 24 Nov 2026 09:30:00 +0000",
        "Message-ID": "<1@dibs.example>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{LONG_LINK}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


@pytest.mark.parametrize("name", ["Tres Ríos Red", 'Homes, "first" & Co.', "青い家"])
def test_a_networks_name_may_have_any_letters(name: str) -> None:
    quoted = name.replace('"', '\\"')
    sender = read(as_bytes(mail_of(), f'"{quoted}" <hello@dibs.example>'))["From"]
    assert isinstance(sender, AddressHeader)
    assert [(a.display_name, a.addr_spec) for a in sender.addresses] == [(name, "hello@dibs.example")]


def test_nothing_breaks_out_of_its_header() -> None:
    with pytest.raises(ValueError, match="Subject has a line break"):
        as_bytes(mail_of(subject="Seller\r\nBcc: everybody@agents.example"), "hello@dibs.example")
