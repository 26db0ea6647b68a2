"""The pure rules: transitions, phases, phones, words, tokens."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calls.rules import ENDS, LIVE, WITH_CLAIM, CallStatus, end_for
from app.calls.rules import TRANSITIONS as CALLS
from app.claims.phases import FINAL, CallFacts, Phase, phase_of
from app.core.contact import NotUsable, parse_email, parse_phone, parse_time_zone
from app.core.referral_kind import ReferralKind
from app.core.tokens import TOKEN_CHARACTERS, Purpose, TokenSigner
from app.notifications.rules import TRANSITIONS as MESSAGES
from app.notifications.rules import NotificationStatus, next_try
from app.offers.rules import TRANSITIONS as OFFERS
from app.offers.rules import OfferStatus
from app.referrals.rules import Need, short_price
from sandbox.sms.segments import segments

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = AT + timedelta(minutes=30)
A_CALL = st.builds(
    CallFacts,
    status=st.sampled_from(CallStatus),
    ring_deadline_at=st.sampled_from([AT, LATER]),
    stopped=st.booleans(),
    unplaced=st.booleans(),
    unserved=st.booleans(),
    quiet=st.booleans(),
    misses=st.integers(0, 3),
    client_missed=st.booleans(),
)
RANK = [CallStatus.REQUESTED, CallStatus.DIALING, CallStatus.RINGING, CallStatus.ANSWERED, CallStatus.ACCEPTED,
        CallStatus.CONNECTED]  # fmt: skip


def test_every_state_has_its_transitions_written_down() -> None:
    assert set(CALLS) == set(CallStatus)
    assert set(OFFERS) == set(OfferStatus)
    assert set(MESSAGES) == set(NotificationStatus)


def test_a_call_never_steps_backwards_and_an_end_is_an_end() -> None:
    """After a claim, whether the client was reached may turn out otherwise; the call stays over."""
    for end in ENDS:
        assert CALLS[end] == (WITH_CLAIM - {end} if end in WITH_CLAIM else frozenset())
    for i, state in enumerate(RANK):
        assert not any(CALLS.allow(state, earlier) for earlier in RANK[: i + 1])


def test_every_live_call_can_end() -> None:
    for state in LIVE:
        reached, todo = set(), {state}
        while todo:
            here = todo.pop()
            reached.add(here)
            todo |= CALLS[here] - reached
        assert reached & ENDS


def test_only_the_key_leads_to_an_end_with_a_claim() -> None:
    before_key = LIVE - {CallStatus.ACCEPTED, CallStatus.CONNECTED}
    assert not any(CALLS[state] & WITH_CLAIM for state in before_key)


@given(st.sampled_from(CallStatus), st.sampled_from(["completed", "busy", "no-answer", "failed", "canceled"]))
def test_the_carriers_end_is_always_one_of_ours(now: CallStatus, carrier: str) -> None:
    end = end_for(now, carrier)
    assert end in ENDS
    if now in (CallStatus.ACCEPTED, CallStatus.CONNECTED):
        assert end in WITH_CLAIM


@given(
    st.sampled_from(OfferStatus),
    st.one_of(st.none(), A_CALL),
    st.integers(-60, 60 * 60),
)
def test_there_is_always_a_face_and_an_open_offer_always_a_way_forward(
    status: OfferStatus, call: CallFacts | None, seconds: int
) -> None:
    phase = phase_of(status, LATER, call, AT + timedelta(seconds=seconds))
    if status is OfferStatus.CLAIMED:
        trying = call is not None and call.status in LIVE
        won = {Phase.CLAIMED, Phase.CONNECTING, Phase.CONNECTED, Phase.CLIENT_MISSED, Phase.QUIET}
        assert phase in won or (trying and phase not in FINAL)
    elif status is not OfferStatus.SENT:
        assert phase in FINAL
    elif seconds >= 30 * 60:
        assert phase in (Phase.EXPIRED, Phase.ANSWERED)


def test_the_page_offers_another_call_at_the_deadline_even_when_every_callback_was_lost() -> None:
    ringing = CallFacts(CallStatus.DIALING, AT + timedelta(seconds=20), stopped=False)
    assert phase_of(OfferStatus.SENT, LATER, ringing, AT + timedelta(seconds=19)) is Phase.CALLING
    assert phase_of(OfferStatus.SENT, LATER, ringing, AT + timedelta(seconds=20)) is Phase.MISSED


@pytest.mark.parametrize("typed", ["(512) 555-1001", "512.555.1001", "+1 512 555 1001", "15125551001", "512-555-1001"])
def test_phones_are_taken_as_people_type_them(typed: str) -> None:
    assert parse_phone(typed, ("US", "CA")) == "+15125551001"


@pytest.mark.parametrize(
    "typed", ["", "12", "call me", "+44 20 7946 0958", "900 555 0123", "900 123 4567", "512 555 1001 x 5"]
)
def test_phones_that_cannot_be(typed: str) -> None:
    with pytest.raises(NotUsable):
        parse_phone(typed, ("US", "CA"))


def test_emails_and_zones() -> None:
    assert parse_email(" Sam@Agents.Example ") == "Sam@agents.example"
    for bad in ("sam", "sam@", "@agents.example", "a b@c.example"):
        with pytest.raises(NotUsable):
            parse_email(bad)
    assert parse_time_zone("America/Denver") == "America/Denver"
    with pytest.raises(NotUsable):
        parse_time_zone("Mars/Olympus")


def test_prices_as_people_say_them() -> None:
    assert [short_price(n) for n in (950, 600_000, 1_250_000, 2_000_000)] == ["$950", "$600k", "$1.25M", "$2M"]
    need = Need(ReferralKind.SELLER, "Austin", "TX", "78704", 599_600, 600_400)
    assert (need.headline, need.price) == ("Seller in Austin, 78704", "about $600k")
    assert Need(ReferralKind.BUYER, "Austin", "TX", "78704", 420_000, 480_000).price == "$420k to $480k"


SIGNER = TokenSigner((b"newest-key-newest-key", b"older-key-older-key-"))


@given(st.uuids(), st.sampled_from(Purpose))
def test_a_token_opens_its_row_for_its_purpose_and_nothing_else(row_id: object, purpose: Purpose) -> None:
    token = SIGNER.sign(purpose, row_id)  # type: ignore[arg-type]
    assert len(token) == TOKEN_CHARACTERS == 36
    assert SIGNER.verify(purpose, token) == row_id
    assert [p for p in Purpose if SIGNER.verify(p, token)] == [purpose]


@given(st.integers(0, 35), st.characters(min_codepoint=33, max_codepoint=126))
def test_an_altered_token_opens_nothing(position: int, char: str) -> None:
    token = SIGNER.sign(Purpose.OFFER, uuid4())
    altered = token[:position] + char + token[position + 1 :]
    assert altered == token or SIGNER.verify(Purpose.OFFER, altered) is None


@given(st.text(max_size=60))
def test_no_text_is_a_token_by_chance(text: str) -> None:
    assert SIGNER.verify(Purpose.OFFER, text) is None


def test_keys_can_be_rotated() -> None:
    old = TokenSigner((b"older-key-older-key-",))
    row = uuid4()
    assert SIGNER.verify(Purpose.OFFER, old.sign(Purpose.OFFER, row)) == row
    assert old.verify(Purpose.OFFER, SIGNER.sign(Purpose.OFFER, row)) is None


def test_a_retry_is_never_after_the_end() -> None:
    from random import Random

    dice = Random(1)
    for attempt in range(1, 12):
        due = next_try(attempt, AT, LATER, dice)
        assert due is None or AT < due < LATER


def test_segments_are_counted_as_the_carrier_does() -> None:
    assert [segments(t) for t in ("a" * 160, "a" * 161, "é" * 160, "á" * 70, "á" * 71, "€" * 80, "€" * 81)] == [
        1, 2, 1, 1, 2, 1, 2,
    ]  # fmt: skip
