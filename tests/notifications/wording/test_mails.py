"""A mail says the same in both forms, has one button, and names are text in it, never markup."""

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.claims.notices import LOST
from app.inbound.notices import CLIENT_CALLED
from app.notifications.cast import LONGEST, TYPICAL, Players, SampleClient
from app.notifications.channels.rules import Channel
from app.notifications.kinds import Kind
from app.notifications.reach.notices import TEST
from app.offers.notices import OFFER
from tests.support.browser.links import LINK
from tests.support.phone.words import Words, by, casts

MAILS = by(Channel.EMAIL)
UNSUBSCRIBABLE = {OFFER, LOST}
HREF = re.compile(r'href="([^"]*)"')
BUTTON = re.compile(r'<a class="accent" href="([^"]*)"[^>]*>([^<]+)</a>')
LEFT_OUT = re.compile(r"(?s)<style>.*?</style>|<title>.*?</title>|<[^>]+>")
MARKUP = SampleClient("<b>Maria</b> <script>alert(1)</script>", "+15125557001", '"><img>@mail.example')


@pytest.mark.parametrize("cast", [TYPICAL, LONGEST], ids=["typical", "longest"])
@pytest.mark.parametrize("kind", MAILS)
def test_both_forms_lead_to_the_same_place_by_one_button(words: Words, kind: Kind, cast: Players) -> None:
    mail, values = words.mail(kind, cast), words.values(kind, Channel.EMAIL, cast)
    ((link, label),) = BUTTON.findall(mail.html)
    assert link == values["link"]
    assert label.strip()
    way_out = [values["unsubscribe"]] if kind in UNSUBSCRIBABLE else []
    assert LINK.findall(mail.text) == [link, *way_out]
    assert [href for href in HREF.findall(mail.html) if href.startswith("http")] == [link, *way_out]


@pytest.mark.parametrize("kind", MAILS)
def test_the_text_stands_alone(words: Words, kind: Kind) -> None:
    """Whatever the HTML tells of the matter, the text tells, too; and it reads as text."""
    mail, values = words.mail(kind), words.values(kind, Channel.EMAIL)
    assert "<" not in mail.text
    assert "&" not in mail.text
    assert not re.search(r"\n{3,}| \n|\{", mail.text)
    assert mail.text.endswith("\n")
    told = {name: values[name] for name in ("minutes", "hours", "agent_first_name", "winner_first_name", "notes")
            if name in values and name != "agent_first_name"}  # fmt: skip
    if "need" in values:
        told |= {"city": values["need"].city}
    if "client" in values:
        told |= {"client": values["client"].first_name, "phone": "(512) 555-7001"}
    for value in told.values():
        assert str(value) in mail.text
        assert str(value) in html.unescape(mail.html)


@pytest.mark.parametrize("kind", MAILS)
def test_a_mail_needs_nothing_from_elsewhere(words: Words, kind: Kind) -> None:
    page = words.mail(kind).html
    assert page.startswith("<!doctype html>")
    assert not re.search(r"<script|<img|<form|<link|src=|url\(|@import", page)
    assert page.count("<h1") == page.count("<title>") == page.count("<style>") == 1
    assert len(page.encode()) < 100_000  # Gmail cuts at 102 kB


@pytest.mark.parametrize("kind", MAILS)
def test_names_are_text_in_a_mail_and_never_markup(words: Words, kind: Kind) -> None:
    cast = replace(
        TYPICAL, agent_first_name="<i>Priya</i>", winner_first_name="<u>Sam</u>", client=MARKUP, notes="<hr>&amp;",
        outcomes=("<em>Sam</em>: expired",), need=replace(TYPICAL.need, city="<s>Austin</s>"),
    )  # fmt: skip
    page = words.mail(kind, cast, brand="<big>Dibs</big>").html
    assert not re.search(r"<(b|i|u|s|hr|em|big|img|script)\b", page)
    assert "&lt;big&gt;Dibs" in page


@settings(deadline=None, max_examples=60)
@given(kind=st.sampled_from(MAILS), cast=casts())
def test_any_names_make_a_mail_that_can_be_sent(words: Words, kind: Kind, cast: Players) -> None:
    mail = words.mail(kind, cast)
    assert mail.subject == " ".join(mail.subject.split())
    assert mail.subject
    assert mail.text.strip()


@pytest.mark.parametrize("kind", MAILS)
def test_only_mail_about_offers_can_be_stopped_by_its_own_link(words: Words, kind: Kind) -> None:
    mail = words.mail(kind)
    assert ("Stop these emails" in mail.text) == ("Stop these emails" in mail.html) == (kind in UNSUBSCRIBABLE)


def test_a_language_without_words_is_answered_in_english(words: Words) -> None:
    assert words.in_language("vi").mail(OFFER).subject == words.mail(OFFER).subject
    assert words.in_language("es").mail(OFFER).subject == "Vendedor en Austin, 78704, unos $600 mil"


def test_the_mails_own_words(words: Words) -> None:
    assert words.mail(OFFER).subject == "Seller in Austin, 78704, about $600k"
    assert words.mail(LOST).subject == "Sam was first: Seller in Austin, 78704"
    assert "Sam was first, by 4 seconds." in words.mail(LOST).text
    assert "Maria called you back" in LEFT_OUT.sub("", words.mail(CLIENT_CALLED).html)
    assert BUTTON.findall(words.mail(TEST).html)[0][1] == "Yes, it arrived"
