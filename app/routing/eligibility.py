"""Whether an agent can be offered a referral: rule by rule, with the values each rule saw. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.core.referral_kind import ReferralKind
from app.people.areas import Area, Place, covers, miles_to
from app.routing.rules import Rules
from app.terms.rules import NOTHING_ASKED, Lack, Standing, Terms, lacking

ENGLISH = "en"
"""Everybody speaks it with clients."""


class Rule(StrEnum):
    """What lets an agent in or out, in the order in which it is told."""

    THERE = "there"
    REACHED = "reached"
    KIND = "kind"
    AREA = "area"
    PRICE = "price"
    LANGUAGE = "language"
    LICENCE = "licence"
    TERMS = "terms"
    CLIENTS = "clients"
    TODAY = "today"
    BEFORE = "before"


@dataclass(frozen=True)
class Wanted:
    """What a referral asks for."""

    kind: ReferralKind
    place: Place
    price_min: int
    price_max: int
    language: str | None = None
    """An ISO 639 code; None: not known."""


@dataclass(frozen=True)
class Candidate:
    """What is known of an agent as a referral is routed. Someone on a call through us is not passed over for it."""

    agent_id: UUID
    is_paused: bool = False
    paused_until: datetime | None = None
    is_team_paused: bool = False
    reached_by: tuple[str, ...] = ("email",)
    """The channels that would tell them now."""
    takes: frozenset[ReferralKind] = frozenset(ReferralKind)
    areas: tuple[Area, ...] = ()
    price: tuple[int, int] | None = None
    languages: frozenset[str] = frozenset()
    licensed_in: frozenset[str] = frozenset()
    terms: Terms = NOTHING_ASKED
    """Of the network, and what is known of the agent that they ask about."""
    standing: Standing | None = None
    day: date | None = None
    """Of the agent."""
    clients: int = 0
    """Open ones."""
    today: int = 0
    """Claims since midnight, by their own clock."""
    most_clients: int | None = None
    most_a_day: int | None = None
    before: str | None = None
    """What became of an earlier offer of this referral, or that the client is theirs already."""


@dataclass(frozen=True)
class Finding:
    """What one rule says of one agent, and what it saw."""

    rule: Rule
    passed: bool
    saw: Mapping[str, Any] = field(default_factory=dict)


Findings = tuple[Finding, ...]
Judge = Callable[[Candidate, Wanted, Rules], Finding | None]


def findings(agent: Candidate, wanted: Wanted, rules: Rules) -> Findings:
    """Every rule that applies, also behind one that says no: an agent may want to know all that stands in the way."""
    found = (judge(agent, wanted, rules) for judge in JUDGES)
    return tuple(one for one in found if one is not None)


def is_eligible(found: Findings) -> bool:
    """Whether all of them let the agent in."""
    return all(one.passed for one in found)


def _there(agent: Candidate, _wanted: Wanted, _rules: Rules) -> Finding:
    until = agent.paused_until.isoformat() if agent.paused_until is not None else None
    saw = {"paused": agent.is_paused, "until": until, "team_paused": agent.is_team_paused}
    return Finding(Rule.THERE, not (agent.is_paused or agent.is_team_paused), saw)


def _reached(agent: Candidate, _wanted: Wanted, _rules: Rules) -> Finding:
    return Finding(Rule.REACHED, bool(agent.reached_by), {"by": list(agent.reached_by)})


def _kind(agent: Candidate, wanted: Wanted, _rules: Rules) -> Finding:
    return Finding(Rule.KIND, wanted.kind in agent.takes, {"takes": sorted(agent.takes), "wanted": wanted.kind.value})


def _area(agent: Candidate, wanted: Wanted, _rules: Rules) -> Finding:
    match = next((area for area in agent.areas if covers(area, wanted.place)), None)
    saw: dict[str, Any] = {"areas": len(agent.areas)}
    if match is not None:
        saw["by"] = {name: value for name, value in vars(match).items() if value is not None}
    else:
        far = [miles for area in agent.areas if area.miles and (miles := miles_to(area, wanted.place)) is not None]
        saw["nearest_miles"] = round(min(far)) if far else None
    return Finding(Rule.AREA, match is not None, saw)


def _price(agent: Candidate, wanted: Wanted, rules: Rules) -> Finding | None:
    if not rules.needs_price or agent.price is None:
        return None
    least, most = agent.price
    meets = wanted.price_min <= most and least <= wanted.price_max
    return Finding(Rule.PRICE, meets, {"takes": [least, most], "wanted": [wanted.price_min, wanted.price_max]})


def _language(agent: Candidate, wanted: Wanted, rules: Rules) -> Finding | None:
    if not rules.needs_language or wanted.language in (None, ENGLISH):
        return None
    saw = {"speaks": sorted({ENGLISH, *agent.languages}), "wanted": wanted.language}
    return Finding(Rule.LANGUAGE, wanted.language in agent.languages, saw)


def _licence(agent: Candidate, wanted: Wanted, rules: Rules) -> Finding | None:
    if not rules.needs_licence:
        return None
    saw = {"in": sorted(agent.licensed_in), "wanted": wanted.place.state}
    return Finding(Rule.LICENCE, wanted.place.state in agent.licensed_in, saw)


def _terms(agent: Candidate, wanted: Wanted, _rules: Rules) -> Finding | None:
    """The agreement keeps nobody out: an agent who is asked can accept it then and there."""
    if agent.standing is None or agent.day is None:
        return None
    found = lacking(agent.terms, agent.standing, state=wanted.place.state, today=agent.day)
    lacks = [lack.value for lack in found if lack is not Lack.AGREEMENT]
    return Finding(Rule.TERMS, not lacks, {"lacks": lacks, "state": wanted.place.state})


def _clients(agent: Candidate, _wanted: Wanted, rules: Rules) -> Finding | None:
    return _under(Rule.CLIENTS, agent.clients, agent.most_clients, rules.most_clients)


def _today(agent: Candidate, _wanted: Wanted, rules: Rules) -> Finding | None:
    return _under(Rule.TODAY, agent.today, agent.most_a_day, rules.most_a_day)


def _under(rule: Rule, has: int, own: int | None, network: int | None) -> Finding | None:
    """An agent may want fewer than the network allows, and never gets more."""
    most = min((limit for limit in (own, network) if limit is not None), default=None)
    return None if most is None else Finding(rule, has < most, {"has": has, "most": most})


def _before(agent: Candidate, _wanted: Wanted, _rules: Rules) -> Finding | None:
    return None if agent.before is None else Finding(Rule.BEFORE, passed=False, saw={"was": agent.before})


JUDGES: tuple[Judge, ...] = (
    _there, _reached, _kind, _area, _price, _language, _licence, _terms, _clients, _today, _before,
)  # fmt: skip
