"""Every text is one segment with its link, whatever the names in it."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.access.notices import SIGN_IN
from app.bookings.notices import CLIENT_ASKS
from app.claims.notices import CLAIMED_BY_PIN, LOST
from app.core.language import LANGUAGES
from app.core.referral_kind import ReferralKind
from app.core.tokens import TOKEN_CHARACTERS
from app.desk.notices import ASSIGNED, TAKEN_BACK
from app.inbound.notices import CLIENT_CALLED, UNPLACED
from app.inbound.text_notices import AGENT_REPLY, CLIENT_TEXTED, CLIENT_VOICEMAIL
from app.notifications.cast import LONGEST, TYPICAL, Players
from app.notifications.channels.rules import Channel
from app.notifications.kinds import Kind
from app.notifications.reach.notices import WELCOME
from app.notifications.wording.gsm7 import SEGMENT, gsm7_length, is_gsm7, segments
from app.notifications.wording.one_segment import cut_at_word
from app.numbers.notices import NUMBER_CODE
from app.offers.notices import OFFER
from app.pipeline.handover_notices import HANDOVER_ANSWERED, HANDOVER_ASKED
from app.referrals.rules import Need
from app.routing.notices import UNWORKED, WENT_ON
from sandbox.sms.segments import segments as carriers_segments
from tests.support.browser.links import LINK
from tests.support.phone.words import BRANDS, LONGEST_BRAND, Words, by, casts

CODES = {AGENT_REPLY: "Shall I come by", NUMBER_CODE: "482 ?913", UNPLACED: "482 ?913", SIGN_IN: r"\b\d{3} ?\d{3}\b"}
"""A code, a number to call and a PIN, or what an agent wrote: they stand without a link."""
PATHS = {
    CLIENT_CALLED: "/referrals/",
    CLIENT_TEXTED: "/referrals/",
    CLIENT_VOICEMAIL: "/referrals/",
    CLIENT_ASKS: "/referrals/",
    CLAIMED_BY_PIN: "/referrals/",
    HANDOVER_ASKED: "/referrals/",
    HANDOVER_ANSWERED: "/referrals/",
    UNWORKED: "/referrals/",
    ASSIGNED: "/referrals/",
    TAKEN_BACK: "/referrals/",
    WENT_ON: "/referrals/",
    WELCOME: "/channels",
}
LONG_PRICE = Need(ReferralKind.SELLER, "Austin", "TX", "V6B 1A1", 123_450_000, 999_990_000)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("brand", ["Dibs", LONGEST_BRAND, "W" * 80, "€" * 80])
@pytest.mark.parametrize("cast", [TYPICAL, LONGEST], ids=["typical", "longest"])
@pytest.mark.parametrize("kind", by(Channel.SMS), ids=str)
def test_the_longest_names_leave_room_for_the_link(
    words: Words, kind: Kind, cast: Players, brand: str, language: str
) -> None:
    assert_one_segment(words.in_language(language).sms(kind, cast, brand=brand), kind, words)


@settings(max_examples=150)
@given(kind=st.sampled_from(by(Channel.SMS)), cast=casts(), brand=BRANDS, language=st.sampled_from(list(LANGUAGES)))
def test_no_name_makes_a_text_longer(words: Words, kind: Kind, cast: Players, brand: str, language: str) -> None:
    assert_one_segment(words.in_language(language).sms(kind, cast, brand=brand), kind, words)


def assert_one_segment(text: str, kind: Kind, words: Words) -> None:
    assert is_gsm7(text)
    assert gsm7_length(text) <= SEGMENT
    assert segments(text) == carriers_segments(text) == 1
    assert "\n" not in text
    if kind in CODES:
        assert re.search(CODES[kind], text)
        return
    (link,) = LINK.findall(text)
    assert text.endswith(link)
    if kind in PATHS:
        assert link.startswith(words.url + PATHS[kind])
    else:
        assert len(link) == len(words.url) + len("/o/") + TOKEN_CHARACTERS


@given(text=st.text(), longest=st.integers(0, 80))
def test_cutting_keeps_within_the_room(text: str, longest: int) -> None:
    cut = cut_at_word(text, longest)
    assert len(cut) <= longest or cut == text
    assert text.startswith(cut)


@pytest.mark.parametrize(
    ("room", "city"),
    [(80, "San Buenaventura de los Alamos"), (24, "San Buenaventura"), (20, "San Buenaventura"),
     (17, "San Buenaventura"), (16, "San Buenaventura"), (12, "San Buenaven"), (7, "San Bue"),
     (6, "San"), (3, "San"), (2, "")],
)  # fmt: skip
def test_a_place_is_cut_at_a_word_where_that_leaves_enough(room: int, city: str) -> None:
    assert cut_at_word("San Buenaventura de los Alamos", room) == city


def test_an_offer_says_need_place_price_and_what_to_reply(words: Words) -> None:
    text = words.sms(OFFER)
    link = LINK.findall(text)[0]
    assert text == f"Dibs: Seller in Austin, 78704, about $600k. Reply 1 for a call, 2 to decline: {link}"


def test_one_of_several_open_offers_goes_by_its_letter(words: Words) -> None:
    text = words.sms(OFFER, letter="B")
    assert text.startswith("B: Seller in Austin, 78704, about $600k. Reply 1B for a call, 2B to decline: ")


def test_where_a_city_has_no_room_its_zip_says_where(words: Words) -> None:
    text = words.sms(OFFER, need=LONG_PRICE, city="Austin", zip="V6B 1A1", letter="Z")
    assert text.startswith("Z: Seller in V6B 1A1, $123.45M to $999.99M. Reply 1Z for a call, 2Z to decline: ")


def test_a_name_of_pictures_only_is_done_without(words: Words) -> None:
    assert words.sms(LOST, winner_first_name="😀").startswith("Dibs: A teammate was first, by 4 seconds: ")
    assert re.match(r"482913 is your code\.", words.sms(NUMBER_CODE, brand="🏡"))


def test_a_loss_says_who_and_by_how_much(words: Words) -> None:
    text = words.sms(LOST)
    assert text.startswith("Dibs: Sam was first, by 4 seconds: seller in Austin, 78704. https://")


def test_a_call_that_could_not_be_placed_is_answered_with_a_number_and_a_pin(words: Words) -> None:
    assert words.sms(UNPLACED) == (
        "Dibs: We couldn't call you: seller in Austin, 78704. Call us instead: (512) 555-0100, PIN 482 913. "
        "Typing it claims, just as pressing 1 does."
    )


@pytest.mark.parametrize(
    ("reply", "says"), [("1", "Text 1 to try again: "), ("1Z", "Text 1Z to try again: "), (None, "Try again: ")]
)
@pytest.mark.parametrize("cast", [TYPICAL, LONGEST], ids=["typical", "longest"])
def test_or_with_another_try_and_the_link(words: Words, cast: Players, reply: str | None, says: str) -> None:
    text = words.sms(UNPLACED, cast, pin=None, reply=reply)
    (link,) = LINK.findall(text)
    assert is_gsm7(text)
    assert gsm7_length(text) <= SEGMENT
    assert text.endswith(f"78704. {says}{link}")


@settings(max_examples=50)
@given(cast=casts(), language=st.sampled_from(list(LANGUAGES)))
def test_no_name_makes_that_one_longer(words: Words, cast: Players, language: str) -> None:
    text = words.in_language(language).sms(UNPLACED, cast, pin=None, reply="1Z")
    assert is_gsm7(text)
    assert gsm7_length(text) <= SEGMENT
    assert LINK.search(text)
