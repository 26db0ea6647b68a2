"""Routing on values alone: who fits, in which order, in which waves. Held against what the words say, by hypothesis."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.places import find_zip, miles_between
from app.core.referral_kind import ReferralKind
from app.people.areas import Area, Place, covers, parse_area
from app.routing.eligibility import Candidate, Rule, Wanted, findings, is_eligible
from app.routing.order import Record, Score, in_order, score
from app.routing.plan import next_wave
from app.routing.records import Records
from app.routing.rules import DEFAULTS, Rules, Then, read, written
from app.routing.wave import judge
from tests.routing import values
from tests.routing.values import NOW, PLACES, ids

AUSTIN, ROUND_ROCK, DALLAS, TULSA = PLACES
SELLER = Wanted(ReferralKind.SELLER, AUSTIN, 590_000, 610_000)
FITS = Candidate(ids(1), areas=(Area(state="TX"),))


@given(values.candidates, values.wanted, values.rules)
def test_nobody_fits_whom_a_word_of_the_rules_leaves_out(agent: Candidate, wanted: Wanted, rules: Rules) -> None:
    fits = is_eligible(findings(agent, wanted, rules))
    out = [
        agent.is_paused or agent.is_team_paused,
        not agent.reached_by,
        wanted.kind not in agent.takes,
        not any(covers(area, wanted.place) for area in agent.areas),
        rules.needs_price
        and agent.price is not None
        and (wanted.price_max < agent.price[0] or agent.price[1] < wanted.price_min),
        rules.needs_language and wanted.language not in (None, "en", *agent.languages),
        rules.needs_licence and wanted.place.state not in agent.licensed_in,
        any(most is not None and agent.clients >= most for most in (agent.most_clients, rules.most_clients)),
        any(most is not None and agent.today >= most for most in (agent.most_a_day, rules.most_a_day)),
        agent.before is not None,
    ]
    assert fits == (not any(out))


@given(values.candidates, values.wanted, values.rules)
def test_what_is_told_is_what_was_decided(agent: Candidate, wanted: Wanted, rules: Rules) -> None:
    found = findings(agent, wanted, rules)
    assert is_eligible(found) == all(one.passed for one in found)
    assert len({one.rule for one in found}) == len(found)
    assert [one.rule for one in found] == [rule for rule in Rule if rule in {one.rule for one in found}]


@given(
    st.lists(st.tuples(values.candidates, values.records), max_size=12, unique_by=lambda two: two[0].agent_id),
    values.wanted,
    values.rules,
    st.integers(0, 2**31 - 1),
    st.randoms(use_true_random=False),
)
def test_waves_end_ask_nobody_twice_and_come_out_the_same_from_one_seed(
    agents: list[tuple[Candidate, Record]], wanted: Wanted, rules: Rules, seed: int, chance: object
) -> None:
    network = Records({agent.agent_id: record for agent, record in agents}, Record())
    ordered = _order(agents, wanted, rules, network, seed)
    chance.shuffle(agents)  # type: ignore[attr-defined]
    assert _order(agents, wanted, rules, network, seed) == ordered
    left, asked, sent, pooled = ordered, [], 0, False
    while wave := next_wave(left, sent=sent, pooled=pooled, rules=rules):
        pooled = sent >= rules.waves
        sent += not pooled
        asked += wave
        left = [id_ for id_ in left if id_ not in wave]
    assert len(set(asked)) == len(asked)
    assert set(asked) <= {agent.agent_id for agent, _ in agents if is_eligible(findings(agent, wanted, rules))}
    assert asked == ordered[: len(asked)]
    if rules.after_waves is Then.POOL:
        assert asked == ordered, "everybody who fits has been asked"
    else:
        assert len(asked) == min(len(ordered), rules.waves * rules.wave_size)


def _order(
    agents: Sequence[tuple[Candidate, Record]], wanted: Wanted, rules: Rules, records: Records, seed: int
) -> list[object]:
    judged = judge([agent for agent, _ in agents], wanted, rules, records, seed=seed, at=NOW)
    return [one.agent_id for one in judged if one.is_eligible]


@given(values.records, values.records, values.rules)
def test_a_score_lies_between_nothing_and_all(own: Record, network: Record, rules: Rules) -> None:
    found = score(own, network, rules, at=NOW)
    assert all(0 <= part <= 1 for part in vars(found).values())


@given(values.records, values.records)
def test_an_honest_try_that_lost_counts_for_the_agent(own: Record, network: Record) -> None:
    tried = Record(own.rang + 1, own.answered + 1, own.claims, own.talked, own.claim_seconds, own.last_offer_at)
    before, after = score(own, network, DEFAULTS, at=NOW), score(tried, network, DEFAULTS, at=NOW)
    assert after.answer >= before.answer
    assert after.total >= before.total


def test_the_quick_and_those_who_have_waited_come_first() -> None:
    network = Record(rang=100, answered=60, claims=50, talked=25, claim_seconds=120)
    quick = Record(rang=30, answered=28, claims=20, talked=15, claim_seconds=11, last_offer_at=NOW - timedelta(hours=1))
    slow = Record(rang=30, answered=10, claims=8, talked=2, claim_seconds=900, last_offer_at=NOW - timedelta(hours=1))
    waited = Record(rang=30, answered=28, claims=20, talked=15, claim_seconds=11, last_offer_at=None)
    scores = {n: score(record, network, DEFAULTS, at=NOW) for n, record in enumerate((quick, slow, waited))}
    assert in_order([(ids(n), found) for n, found in scores.items()], seed=1) == [ids(2), ids(0), ids(1)]


def test_equals_are_drawn_by_lot() -> None:
    even = Score(0.5, 0.5, 0.5, 0.5, 0.5)
    first = {in_order([(ids(n), even) for n in range(4)], seed=seed)[0] for seed in range(50)}
    assert first == {ids(n) for n in range(4)}


@pytest.mark.parametrize(
    ("typed", "place", "inside"),
    [
        ("TX", AUSTIN, True),
        ("tx", TULSA, False),
        ("austin, TX", AUSTIN, True),
        ("Austin, TX", ROUND_ROCK, False),
        ("78704", AUSTIN, True),
        ("78704-1234", AUSTIN, True),
        ("78704", ROUND_ROCK, False),
        ("78704 + 25 mi", ROUND_ROCK, True),
        ("78704 + 10", ROUND_ROCK, False),
        ("75201 + 200 miles", AUSTIN, True),
        ("M5V 3L9", Place("ON", "Toronto", "M5V 1A1"), True),
        ("QC", Place("ON", "Toronto", "M5V 1A1"), False),
        ("78704 + 25 mi", Place("TX", "Nowhere", "00000"), False),
    ],
)
def test_where_an_area_reaches(typed: str, place: Place, inside: bool) -> None:
    area = parse_area(typed)
    assert covers(area, place) is inside
    assert parse_area(str(area)) == area


@pytest.mark.parametrize("typed", ["", "Texas", "XX", "Austin, XX", "7870", "00000 + 5", "78704 + 0", "78704 + 900"])
def test_what_is_no_area_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_area(typed)


def test_miles_are_as_the_crow_flies() -> None:
    austin, dallas = find_zip("78704"), find_zip("75201")
    assert austin is not None and dallas is not None
    assert miles_between(austin.middle, dallas.middle) == pytest.approx(183, abs=5)
    assert miles_between(austin.middle, austin.middle) == 0


def test_an_agent_who_keeps_no_areas_is_told_so() -> None:
    (finding,) = [one for one in findings(Candidate(ids(1)), SELLER, DEFAULTS) if not one.passed]
    assert (finding.rule, finding.saw) == (Rule.AREA, {"areas": 0, "nearest_miles": None})


def test_rules_are_read_as_they_were_kept_by_another_release() -> None:
    rules = Rules(wave_size=7, after_waves=Then.ADMINS)
    assert read(written(rules)) == rules
    assert read({"wave_size": 7, "after_waves": "admins", "dropped_since": 1}) == rules
