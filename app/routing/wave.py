"""Puts a wave together: who is around, what the rules say of each, in which order they come; and keeps all of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.referrals.models import Referral
from app.routing.candidates import agents_around, candidates, place_of, wanted_of
from app.routing.eligibility import Candidate, Findings, Wanted, findings, is_eligible
from app.routing.models import Verdict
from app.routing.order import Score, in_order, score
from app.routing.records import Records, records_of
from app.routing.rules import Rules


@dataclass(frozen=True)
class Judged:
    """An agent, and what was found; `place` among those who fit, from 1."""

    agent_id: UUID
    findings: Findings
    score: Score | None = None
    place: int | None = None

    @property
    def is_eligible(self) -> bool:
        return is_eligible(self.findings)


def judge(
    agents: Sequence[Candidate], wanted: Wanted, rules: Rules, records: Records, *, seed: int, at: datetime
) -> list[Judged]:
    """Those who fit, best first, and then the others. Pure."""
    found = {agent.agent_id: findings(agent, wanted, rules) for agent in agents}
    scores = {
        id_: score(records.own[id_], records.network, rules, at=at)
        for id_, those in found.items()
        if is_eligible(those)
    }
    ordered = in_order(list(scores.items()), seed=seed)
    fit = [Judged(id_, found[id_], scores[id_], place) for place, id_ in enumerate(ordered, start=1)]
    return [*fit, *(Judged(id_, those) for id_, those in found.items() if id_ not in scores)]


def judge_all(
    session: Session, referral: Referral, *, rules: Rules, seed: int, at: datetime, also: Sequence[UUID] = ()
) -> list[Judged]:
    """Everybody around, and `also` these."""
    ids = list(dict.fromkeys((*agents_around(session, place_of(referral)), *also)))
    known = candidates(session, ids, at=at, referral=referral)
    return judge(known, wanted_of(referral), rules, records_of(session, ids), seed=seed, at=at)


def keep_verdicts(
    session: Session, *, referral_id: UUID, wave: int, judged: Sequence[Judged], asked: Sequence[UUID], at: datetime
) -> None:
    """Keeps why each of them is in the wave, or is not; what was found of them earlier in the same wave is replaced."""
    for one in judged:
        session.merge(
            Verdict(
                referral_id=referral_id,
                wave=wave,
                agent_id=one.agent_id,
                is_eligible=one.is_eligible,
                is_asked=one.agent_id in asked,
                place=one.place,
                score=one.score.total if one.score is not None else None,
                parts=asdict(one.score) if one.score is not None else None,
                findings=[{"rule": f.rule, "passed": f.passed, "saw": dict(f.saw)} for f in one.findings],
                at=at,
            )
        )
    session.flush()
