"""A client may say in any plain words that they want no calls; words about when and how to call say no such thing."""

import pytest

from app.clients.consent import Way
from app.clients.plain_words import unwanted_ways

NO_CALLS = (
    "please stop calling", "Please stop calling me!", "wrong number", "Wrong number, sorry", "remove me",
    "Remove me from your list.", "take me off your list", "don't call me", "dont call again", "Do not contact me",
    "never call this number", "leave me alone", "lose my number", "quit calling", "I said don\u2019t call me!!",
    "not interested stop calling", "stop harassing me", "unsubscribe", "No me llame más", "no me llamen",
    "Deje de llamar", "Número equivocado", "quíteme de la lista",
)  # fmt: skip
NO_TEXTS = ("stop texting me", "no more texts", "Stop", "STOP please", "no me escriba", "no mas mensajes", "alto")
NEITHER = (
    "don't call me before 5", "Please do not call today", "call me later", "don't text me at work", "ok",
    "yes please call", "no calls after 8", "can you stop by at 5?", "I can't call now", "no me llame antes de las 5",
    "no llame hoy", "end of the month works", "I will not be in town, call Monday", "Don't call me now, call at 6",
    "please text me instead", "number is wrong on the listing price", "Can't talk right now. Call me later?", "",
)  # fmt: skip


@pytest.mark.parametrize("words", NO_CALLS)
def test_no_calls_means_no_texts_either(words: str) -> None:
    assert unwanted_ways(words) == (Way.CALL, Way.TEXT)


@pytest.mark.parametrize("words", NO_TEXTS)
def test_no_texts_leaves_calls(words: str) -> None:
    assert unwanted_ways(words) == (Way.TEXT,)


@pytest.mark.parametrize("words", NEITHER)
def test_other_words_ask_for_no_end(words: str) -> None:
    assert unwanted_ways(words) == ()
