"""The alphabet of a text message, checked against the sandbox's own table of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.notifications.wording.gsm7 import BASIC, EXTENSION, gsm7_length, is_gsm7, segments, to_gsm7
from sandbox.sms.segments import GSM_7, GSM_7_EXTENDED
from sandbox.sms.segments import segments as carriers_segments


def test_the_alphabet_is_the_one_of_the_standard() -> None:
    assert len(BASIC) == 127  # 128 places, one of which leads into the extension
    assert len(EXTENSION) == 10
    assert (BASIC, EXTENSION) == (GSM_7, GSM_7_EXTENDED)


@given(st.text())
def test_anything_can_be_spelled_in_it(text: str) -> None:
    assert is_gsm7(to_gsm7(text))


@given(st.text(st.sampled_from(sorted(BASIC | EXTENSION))))
def test_what_is_in_it_stays(text: str) -> None:
    assert to_gsm7(text).replace(" ", "") == text.replace(" ", "")


@given(st.text(st.sampled_from(sorted(BASIC | EXTENSION)), max_size=1000))
def test_lengths_and_segments_are_those_of_the_carrier(text: str) -> None:
    assert gsm7_length(text) == sum(2 if char in EXTENSION else 1 for char in text)
    # The carrier's own count parts characters of the extension: ours may be one more, where a segment ends early.
    assert carriers_segments(text) <= segments(text) <= carriers_segments(text) + 1
    if not EXTENSION & set(text):
        assert segments(text) == carriers_segments(text)


def test_a_character_of_two_is_never_parted() -> None:
    assert segments("a" * 160) == 1
    assert segments("a" * 161) == 2
    assert segments("a" * 158 + "€") == 1
    assert segments("a" * 159 + "€") == 2
    assert segments("a" * 152 + "€" + "a" * 152) == 3  # 152, then the euro and 151, then the last


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("José Núñez, ¿Qué? ¡Sí!", "José Nuñez, ¿Qué? ¡Si!"),
        ("Nguyễn Thị Ánh", "Nguyen Thi Anh"),
        ("张伟", "ZhangWei"),
        ("“Café” – ‘Bar’…", "\"Café\" - 'Bar'..."),  # noqa: RUF001
        ("Homes 🏡 & Gardens", "Homes & Gardens"),
        ("👨‍👩‍👧 Ortiz", " Ortiz"),
        ("e\u0301 o\u0308", "é ö"),
        ("a\u00a0b\tc`d", "a b c'd"),
        ("20°, №5", "20deg, No5"),
    ],
)
def test_names_stay_readable(text: str, spelled: str) -> None:
    assert to_gsm7(text) == spelled
