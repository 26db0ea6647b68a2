"""Why a referral went to whom: what the rules said of each agent, in words. For the desk, which reads English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.models import Agent
from app.routing.eligibility import Finding, Rule
from app.routing.models import Routed, Verdict
from app.routing.versions import version_of
from app.routing.wave import Judged

BEFORE = {
    "sent": "has the offer now",
    "declined": "declined it",
    "expired": "was asked, and did not answer",
    "withdrawn": "had it, and gave it back",
    "claimed": "has it",
    "already_mine": "said that the client is theirs anyway",
}
LACKS = {
    "brokerage": "no brokerage is known",
    "licence": "no licence with a number there",
    "expired": "their licence there has expired",
}
REACH = {"email": "email", "sms": "text", "push": "push"}
PARTS = {"speed": "speed", "answer": "answers", "talk": "talks", "turn": "turn"}


@dataclass(frozen=True)
class WhyAgent:
    """One agent: let in or left out, and by what."""

    agent_id: UUID
    name: str
    is_asked: bool
    place: int | None
    """Among those who fit."""
    score: float | None
    parts: str
    kept_out: tuple[str, ...]
    let_in: tuple[str, ...]


@dataclass(frozen=True)
class WhyWave:
    """One wave: those who were asked, those who fit and were not, and those who were left out."""

    number: int
    at: datetime
    agents: tuple[WhyAgent, ...]

    @property
    def asked(self) -> tuple[WhyAgent, ...]:
        return tuple(one for one in self.agents if one.is_asked)

    @property
    def next_ones(self) -> tuple[WhyAgent, ...]:
        return tuple(one for one in self.agents if one.place is not None and not one.is_asked)

    @property
    def out(self) -> tuple[WhyAgent, ...]:
        return tuple(one for one in self.agents if one.place is None)


@dataclass(frozen=True)
class Why:
    """Of a routed referral."""

    version: int
    waves: tuple[WhyWave, ...]


def why(session: Session, *, referral_id: UUID) -> Why | None:
    """Newest wave first; None for a referral that was not routed."""
    routed = session.get(Routed, referral_id)
    if routed is None:
        return None
    query = (
        select(Verdict, Agent.name)
        .join(Agent, Agent.id == Verdict.agent_id)
        .where(Verdict.referral_id == referral_id)
        .order_by(Verdict.wave.desc(), Verdict.place.asc().nulls_last(), Agent.name, Agent.id)
    )
    waves: dict[int, list[tuple[Verdict, str]]] = {}
    for verdict, name in session.execute(query):
        waves.setdefault(verdict.wave, []).append((verdict, name))
    return Why(
        version_of(session, routed.rules_id).number,
        tuple(
            WhyWave(number, those[0][0].at, tuple(_of_verdict(verdict, name) for verdict, name in those))
            for number, those in waves.items()
        ),
    )


def told(session: Session, judged: Sequence[Judged], *, asked: Sequence[UUID]) -> list[WhyAgent]:
    """The same of a wave that was not sent."""
    query = select(Agent.id, Agent.name).where(Agent.id.in_([one.agent_id for one in judged]))
    names = {row[0]: row[1] for row in session.execute(query)}
    return [
        _why_agent(
            one.agent_id, names[one.agent_id], one.findings, one.agent_id in asked, one.place,
            None if one.score is None else vars(one.score),
        )
        for one in judged
    ]  # fmt: skip


def finding_words(found: Finding) -> str:
    """What one rule says, with what it saw."""
    return WORDS[found.rule](found)


def _of_verdict(verdict: Verdict, name: str) -> WhyAgent:
    found = tuple(Finding(Rule(one["rule"]), one["passed"], one["saw"]) for one in verdict.findings)
    score = None if verdict.score is None else {"total": verdict.score, **(verdict.parts or {})}
    return _why_agent(verdict.agent_id, name, found, verdict.is_asked, verdict.place, score)


def _why_agent(  # noqa: PLR0917
    agent_id: UUID,
    name: str,
    found: tuple[Finding, ...],
    is_asked: bool,
    place: int | None,
    score: Mapping[str, float] | None,
) -> WhyAgent:
    parts = "" if score is None else ", ".join(f"{words} {score[part]:.2f}" for part, words in PARTS.items())
    return WhyAgent(
        agent_id,
        name,
        is_asked,
        place,
        None if score is None else score["total"],
        parts,
        kept_out=tuple(finding_words(one) for one in found if not one.passed),
        let_in=tuple(finding_words(one) for one in found if one.passed),
    )


def _there(found: Finding) -> str:
    saw = found.saw
    if saw["team_paused"]:
        return "their team is paused"
    if not saw["paused"]:
        return "there"
    return f"away until {datetime.fromisoformat(saw['until']):%b %-d}" if saw["until"] else "paused by the network"


def _reached(found: Finding) -> str:
    by = [REACH[channel] for channel in found.saw["by"]]
    return f"reached by {', '.join(by)}" if by else "nothing reaches them"


def _kind(found: Finding) -> str:
    takes = " and ".join(f"{kind}s" for kind in found.saw["takes"])
    return f"takes {takes}" if found.passed else f"takes {takes} only"


def _area(found: Finding) -> str:
    saw = found.saw
    if found.passed:
        return f"works in {_area_words(saw['by'])}"
    if not saw["areas"]:
        return "no areas are set"
    near = saw["nearest_miles"]
    return "works elsewhere" if near is None else f"works elsewhere, {near} miles from their nearest ZIP code"


def _area_words(by: Mapping[str, Any]) -> str:
    if "miles" in by:
        return f"{by['zip_code']} and {by['miles']} miles around it"
    if "zip_code" in by:
        return str(by["zip_code"])
    return f"{by['city']}, {by['state']}" if "city" in by else str(by["state"])


def _price(found: Finding) -> str:
    least, most = found.saw["takes"]
    return f"takes ${least:,} to ${most:,}"


def _language(found: Finding) -> str:
    saw = found.saw
    return f"speaks {saw['wanted']}" if found.passed else f"speaks {', '.join(saw['speaks'])}, not {saw['wanted']}"


def _licence(found: Finding) -> str:
    saw = found.saw
    if found.passed:
        return f"licensed in {saw['wanted']}"
    return f"licensed in {', '.join(saw['in'])}, not {saw['wanted']}" if saw["in"] else "no licence is known"


def _terms(found: Finding) -> str:
    return "all that the terms ask for" if found.passed else ", ".join(LACKS[one] for one in found.saw["lacks"])


def _clients(found: Finding) -> str:
    return f"{found.saw['has']} of {found.saw['most']} open clients"


def _today(found: Finding) -> str:
    return f"{found.saw['has']} of {found.saw['most']} claims today"


def _before(found: Finding) -> str:
    was = str(found.saw["was"])
    return BEFORE.get(was, was)


WORDS = {
    Rule.THERE: _there, Rule.REACHED: _reached, Rule.KIND: _kind, Rule.AREA: _area, Rule.PRICE: _price,
    Rule.LANGUAGE: _language, Rule.LICENCE: _licence,
    Rule.TERMS: _terms, Rule.CLIENTS: _clients, Rule.TODAY: _today, Rule.BEFORE: _before,
}  # fmt: skip
