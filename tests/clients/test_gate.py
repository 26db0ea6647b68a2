"""The gate by itself: each reason to refuse, alone and together."""

from datetime import UTC, datetime, timedelta

import pytest

from app.clients.consent import Basis, Given, Way
from app.clients.contact_key import ContactKeys
from app.clients.gate import Answer, Facts, Gate, Matter, Refusal
from app.clients.hours import Place, calling_hours
from app.core.database.ids import new_id

NOON = datetime(2026, 3, 4, 18, tzinfo=UTC)
NIGHT = datetime(2026, 3, 5, 5, tzinfo=UTC)
AUSTIN, MIAMI = Place("America/Chicago", "TX"), Place("America/New_York", "FL")
GATE = Gate(calling_hours((8, 21)), ContactKeys((b"a key of many characters",)), False, 6, 20)
NOTHING_KNOWN = Facts(unwanted=False, consents=(), lately=0, ever=0)


def matter(place: Place = AUSTIN, prefers: Way | None = None) -> Matter:
    phone = "+18005557001"  # of no state
    return Matter(new_id(), new_id(), phone, "maria@mail.example", place.zone, place.state or "", prefers=prefers)


def given(basis: Basis, *ways: Way, days_ago: int = 1) -> Given:
    return Given(basis, NOON - timedelta(days=days_ago), frozenset(ways))


def facts(**known: object) -> Facts:
    return Facts(**{**NOTHING_KNOWN.__dict__, **known})  # type: ignore[arg-type]


WRITTEN = given(Basis.WRITTEN, Way.CALL, Way.TEXT)


@pytest.mark.parametrize(
    ("way", "known", "refusals"),
    [
        (Way.CALL, facts(), ()),
        (Way.CALL, facts(unwanted=True), (Refusal.WISH,)),
        (Way.EMAIL, facts(unwanted=True), (Refusal.WISH,)),
        (Way.EMAIL, facts(consents=(given(Basis.ORAL, Way.CALL),)), ()),
        (Way.CALL, facts(consents=(WRITTEN,)), ()),
        (Way.CALL, facts(consents=(given(Basis.ORAL, Way.TEXT),)), (Refusal.NO_CONSENT,)),
        (Way.CALL, facts(consents=(given(Basis.INQUIRY, Way.CALL, days_ago=89),)), ()),
        (Way.CALL, facts(consents=(given(Basis.INQUIRY, Way.CALL, days_ago=91),)), (Refusal.LAPSED,)),
        (Way.CALL, facts(consents=(given(Basis.CUSTOMER, Way.CALL, days_ago=500),)), ()),
        (Way.CALL, facts(consents=(given(Basis.CUSTOMER, Way.CALL, days_ago=600),)), (Refusal.LAPSED,)),
        (Way.CALL, facts(consents=(given(Basis.INQUIRY, Way.CALL, days_ago=91), WRITTEN)), ()),
        (Way.TEXT, facts(), (Refusal.NO_CONSENT,)),
        (Way.TEXT, facts(consents=(WRITTEN,)), ()),
        (Way.TEXT, facts(wrote_lately=True), ()),
        (Way.TEXT, facts(wrote_lately=True, unwanted=True), (Refusal.WISH,)),
        (Way.CALL, facts(wrote_lately=True, consents=(given(Basis.ORAL, Way.TEXT),)), (Refusal.NO_CONSENT,)),
        (Way.TEXT, facts(consents=(given(Basis.CUSTOMER, Way.TEXT),)), (Refusal.NO_CONSENT,)),
        (Way.CALL, facts(on_a_call=True), (Refusal.ON_A_CALL,)),
        (Way.CALL, facts(lately=5), ()),
        (Way.CALL, facts(lately=6), (Refusal.TODAY,)),
        (Way.CALL, facts(ever=20), (Refusal.TOO_OFTEN,)),
        (Way.TEXT, facts(consents=(WRITTEN,), lately=6, ever=20, on_a_call=True), ()),
        (Way.CALL, facts(unwanted=True, ever=20, lately=6), (Refusal.WISH, Refusal.TOO_OFTEN, Refusal.TODAY)),
    ],
)
def test_each_reason_and_the_gravest_first(way: Way, known: Facts, refusals: tuple[Refusal, ...]) -> None:
    answer = GATE.ask(way, matter(), known, NOON)
    assert (answer.refusals, answer.allowed) == (refusals, not refusals)


def test_a_network_that_makes_consent_compulsory_calls_nobody_without() -> None:
    strict = Gate(GATE.hours, GATE.keys, True, 6, 20)
    assert strict.ask(Way.CALL, matter(), facts(), NOON).main is Refusal.NO_CONSENT
    assert strict.ask(Way.CALL, matter(), facts(consents=(WRITTEN,)), NOON).allowed


def test_who_would_rather_get_a_text_is_not_called() -> None:
    assert GATE.ask(Way.CALL, matter(prefers=Way.TEXT), facts(), NOON) == Answer((Refusal.PREFERS_TEXT,))
    assert GATE.ask(Way.CALL, matter(prefers=Way.EMAIL), facts(), NOON).allowed


def test_in_florida_there_are_three_calls_a_day() -> None:
    assert GATE.ask(Way.CALL, matter(MIAMI), facts(lately=2), NOON).allowed
    assert GATE.ask(Way.CALL, matter(MIAMI), facts(lately=3), NOON).main is Refusal.TODAY


def test_at_night_it_says_from_when_on_unless_something_else_stands_against_it() -> None:
    morning = datetime(2026, 3, 5, 15, tzinfo=UTC)
    assert GATE.ask(Way.CALL, matter(), facts(), NIGHT) == Answer((Refusal.HOURS,), morning)
    assert GATE.ask(Way.TEXT, matter(), facts(consents=(WRITTEN,)), NIGHT) == Answer((Refusal.HOURS,), morning)
    assert GATE.ask(Way.CALL, matter(), facts(unwanted=True), NIGHT) == Answer((Refusal.WISH, Refusal.HOURS))
    assert GATE.ask(Way.EMAIL, matter(), facts(), NIGHT).allowed


def test_a_contact_is_found_under_every_key_and_cannot_be_read() -> None:
    old, rotated = ContactKeys((b"the old key",)), ContactKeys((b"the new key", b"the old key"))
    assert old.of("+15125557001") in rotated.all_of("+15125557001")
    assert rotated.of("+15125557001") != old.of("+15125557001")
    assert "5125557001" not in old.of("+15125557001")
    assert old.of("Maria@mail.example") == old.of("maria@MAIL.example")
