"""The grammar of a text, and the words of our answers."""

from datetime import UTC, datetime
from pathlib import Path
from string import ascii_uppercase
from types import SimpleNamespace

import pytest
from flask import Flask, render_template
from hypothesis import given
from hypothesis import strategies as st

from app.config import LONGEST_PUBLIC_URL
from app.core.language import LANGUAGES, speaking
from app.core.referral_kind import ReferralKind, kind_word
from app.inbound.keywords import CARRIER_WORDS, PUNCTUATION, Read, read
from app.inbound.replies import plain_name
from app.notifications.inbound_sms import Meaning
from tests.notifications.wording.test_messages import SEGMENT, units

CALL = ("1", "ONE", "CALL", "CALL ME", "UNO", "LLAMAME", "LLAMAR")
DECLINE = ("2", "TWO", "NO", "DECLINE", "DOS", "RECHAZAR")
WORDS = {Meaning.CALL: CALL, Meaning.DECLINE: DECLINE, **CARRIER_WORDS}
MEANING = {word: meaning for meaning, words in WORDS.items() for word in words}
AROUND = st.text(st.sampled_from(PUNCTUATION + " \n\t"), max_size=4)
POLITE_ENDS = (" PLEASE", " THANKS", " THANK YOU", " POR FAVOR", " GRACIAS")
LETTER = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
NAMED = {f"{word}{named}" for word in CALL + DECLINE for named in ("", *(f" {letter}" for letter in ascii_uppercase))}
POLITE = {
    f"{please}{word}{end}" for please in ("", "PLEASE ", "POR FAVOR ") for word in NAMED for end in ("", *POLITE_ENDS)
}
FORMS = {form.lower() for form in {*POLITE, *(form.replace("1 ", "1").replace("2 ", "2") for form in POLITE), *MEANING}}
"""All there is to write, but for what is between the words; and, of no harm here, `1please`."""
PIECES = {piece for form in FORMS for piece in form.split()} | {"11", "A1", "?", "me", "now", "\uff11"}
STOP_ROOTS = {word.lower() for word in CARRIER_WORDS[Meaning.STOP]} | {"stop"}
"""With more words around them they may say the same: test_no_more_in_plain_words."""
REPLIES = sorted(path.stem for path in Path("templates/sms").glob("reply_*.txt"))


def in_any_case(words: str) -> st.SearchStrategy[str]:
    return st.tuples(*(st.sampled_from([char.lower(), char.upper()]) for char in words)).map("".join)


@given(st.data(), st.sampled_from(sorted(MEANING)), AROUND, AROUND)
def test_each_word_has_its_meaning_in_any_case_and_among_punctuation(
    data: st.DataObject, word: str, before: str, after: str
) -> None:
    assert read(before + data.draw(in_any_case(word)) + after) == Read(MEANING[word])


@given(st.data(), st.sampled_from(CALL + DECLINE), LETTER, AROUND)
def test_a_letter_says_which(data: st.DataObject, word: str, letter: str, after: str) -> None:
    written = data.draw(in_any_case(f"{word} {letter}"))
    assert read(written + after) == Read(MEANING[word], letter)
    if word in "12":
        assert read(written.replace(" ", "")) == Read(MEANING[word], letter)


@given(st.text(max_size=30) | st.lists(st.sampled_from(sorted(PIECES)), max_size=4).map(" ".join))
def test_a_text_that_is_none_of_the_words_is_unclear(body: str) -> None:
    words = "".join(" " if char in PUNCTUATION else char for char in body).split()
    if " ".join(words).lower() not in FORMS and not STOP_ROOTS & {word.lower() for word in words}:
        assert read(body) == Read(Meaning.UNCLEAR)


@given(st.sampled_from(sorted(MEANING)), st.text("BCDFGXZ3456789", min_size=2, max_size=6))
def test_a_word_with_another_behind_it_is_unclear(word: str, more: str) -> None:
    assert read(f"{word} {more}") == Read(Meaning.UNCLEAR)
    assert read(f"{more} {word}") == Read(Meaning.UNCLEAR)
    assert read(word + more) == Read(Meaning.UNCLEAR)


@pytest.mark.parametrize(
    ("body", "meaning", "letter"),
    [
        ("#1", Meaning.CALL, None),
        ("\u201c1\u201d", Meaning.CALL, None),
        ("1 please", Meaning.CALL, None),
        ("Please call me", Meaning.CALL, None),
        ("1-b.", Meaning.CALL, "B"),
        ("No, thank you!", Meaning.DECLINE, None),
        ("2 A please", Meaning.DECLINE, "A"),
        ("Llámame, por favor", Meaning.CALL, None),
        ("Uno", Meaning.CALL, None),
        ("No, gracias.", Meaning.DECLINE, None),
    ],
)
def test_what_people_write(body: str, meaning: Meaning, letter: str | None) -> None:
    assert read(body) == Read(meaning, letter)


@pytest.mark.parametrize(
    "body",
    [
        "", " ", "?", "1?", "no?", "11", "12", "1 2", "1 1", "3", "A1", "now", "Know", "calla", "don't call me",
        "call me later", "no 1", "yes please", "\uff11", "\u0661", "1\ufe0f\u20e3", "\u212a", "ca\u2113l", "un", "1 AB",
    ],
)  # fmt: skip
def test_what_is_not_clear(body: str) -> None:
    assert read(body) == Read(Meaning.UNCLEAR)


def test_what_the_carrier_took_it_for_comes_first() -> None:
    assert [read("1", word).meaning for word in ("STOP", "START", "HELP")] == [*CARRIER_WORDS]
    assert read("1", "CALL") == read("1", "stop") == Read(Meaning.CALL)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reply", REPLIES)
@pytest.mark.parametrize("place", ["W" * 60, "Ñ" * 60, "Łódź [x] 東京 \U0001f600" * 6])
def test_each_answer_is_one_segment_and_no_command(app: Flask, reply: str, place: str, language: str) -> None:
    with speaking(language):
        about = {"kind": kind_word(ReferralKind.SELLER), "place": plain_name(place)}
        for phase in ("declined", "withdrawn", "expired"):
            said = render_template(
                f"sms/{reply}.txt", **about, phase=phase, brand="W" * 60, winner_first_name="W" * 60,
                behind_seconds=99999, link="x" * (LONGEST_PUBLIC_URL + (47 if reply == "reply_yours" else 39)), more=99,
                named=[{"letter": "W", **about}] * 3,
                view=SimpleNamespace(expires_at=datetime(2026, 9, 30, 22, 59, tzinfo=UTC), time_zone="Etc/GMT+1"),
            )  # fmt: skip
            words = " ".join(said.split())
            assert units(words) <= SEGMENT, words
            assert read(words) == Read(Meaning.UNCLEAR)


@pytest.mark.parametrize(
    "body",
    ["stop please", "Please stop", "stop texting me", "STOP TEXTS", "stop sending me these messages", "unsubscribe me",
     "Please don't text me again", "don\u2019t message me any more", "do not contact me", "no more texts please",
     "remove me", "Take me off your list", "opt me out", "leave me alone!", "stop it now", "No más mensajes, por favor",
     "no me manden más mensajes", "No me escriban más", "dejen de escribirme", "Alto", "no quiero más mensajes"],
)  # fmt: skip
def test_no_more_in_plain_words(body: str) -> None:
    assert read(body) == Read(Meaning.STOP, unanswered=True)


@pytest.mark.parametrize(
    "body",
    [
        "don't stop",
        "stop by the house at 5",
        "I can't stop now, call later",
        "bus stop",
        "end of the month?",
        "no más",
        "no quiero",
    ],
)
def test_what_only_sounds_like_it(body: str) -> None:
    assert read(body) == Read(Meaning.UNCLEAR)


@pytest.mark.parametrize(
    "body",
    ["One.", "\u200b1", "1\n-Jane Smith, Realtor", "1\n\nSent from my iPhone", "call me\n\u2014 Jane", "one please"],
)
def test_what_plainly_means_1(body: str) -> None:
    assert read(body) == Read(Meaning.CALL)
