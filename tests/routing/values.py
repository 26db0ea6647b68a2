"""Agents and referrals as hypothesis makes them up, in and around Austin."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from app.core.referral_kind import ReferralKind
from app.people.areas import Area, Place
from app.routing.eligibility import Candidate, Wanted
from app.routing.order import Record
from app.routing.rules import Rules, Then

NOW = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
PLACES = [
    Place("TX", "Austin", "78704"),
    Place("TX", "Round Rock", "78664"),
    Place("TX", "Dallas", "75201"),
    Place("OK", "Tulsa", "74103"),
]
AREAS = [
    Area(state="TX"), Area(state="OK"), Area(state="TX", city="austin"), Area(zip_code="78704"),
    Area(zip_code="78664", miles=5), Area(zip_code="78704", miles=25), Area(zip_code="75201", miles=200),
]  # fmt: skip
CODES = ["en", "es", "vi"]
few = st.integers(0, 5)
prices = st.tuples(st.integers(1, 20), st.integers(1, 20)).map(lambda two: (min(two) * 50_000, max(two) * 50_000))


def ids(number: int) -> UUID:
    return UUID(int=number)


candidates = st.builds(
    Candidate,
    agent_id=st.integers(1, 10**6).map(ids),
    is_paused=st.booleans(),
    is_team_paused=st.booleans(),
    reached_by=st.sampled_from([(), ("email",), ("email", "sms", "push")]),
    takes=st.frozensets(st.sampled_from(list(ReferralKind)), min_size=1),
    areas=st.lists(st.sampled_from(AREAS), max_size=3, unique=True).map(tuple),
    price=st.none() | prices,
    languages=st.frozensets(st.sampled_from(CODES)),
    licensed_in=st.frozensets(st.sampled_from(["TX", "OK"])),
    clients=few,
    today=few,
    most_clients=st.none() | st.integers(1, 5),
    most_a_day=st.none() | st.integers(1, 5),
    before=st.none() | st.sampled_from(["declined", "expired", "already_mine"]),
)
wanted = st.builds(
    lambda kind, place, price, language: Wanted(kind, place, *price, language),
    st.sampled_from(list(ReferralKind)),
    st.sampled_from(PLACES),
    prices,
    st.none() | st.sampled_from(CODES),
)
rules = st.builds(
    Rules,
    wave_size=st.integers(1, 6),
    waves=st.integers(0, 4),
    after_waves=st.sampled_from([Then.POOL, Then.ADMINS]),
    needs_price=st.booleans(),
    needs_language=st.booleans(),
    needs_licence=st.booleans(),
    most_clients=st.none() | st.integers(1, 5),
    most_a_day=st.none() | st.integers(1, 5),
    speed_weight=st.integers(0, 100),
    answer_weight=st.integers(0, 100),
    talk_weight=st.integers(0, 100),
    turn_weight=st.integers(0, 100),
)
records = st.builds(
    lambda rang, answered, claims, talked, seconds, ago: Record(
        rang,
        min(answered, rang),
        claims,
        min(talked, claims),
        seconds if claims else None,
        None if ago is None else NOW - timedelta(hours=ago),
    ),
    few, few, few, few, st.floats(0, 3600), st.none() | st.integers(0, 100),
)  # fmt: skip
