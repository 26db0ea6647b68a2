"""What would be: who would be offered a referral that is not sent, and what other rules would have done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core.database.ids import first_id
from app.people.models import Agent
from app.referrals.models import Referral
from app.routing.candidates import agents_around, candidates, place_of, wanted_of
from app.routing.eligibility import Candidate, Wanted
from app.routing.plan import next_wave
from app.routing.records import Records, records_of
from app.routing.rules import Rules
from app.routing.wave import Judged, judge

LOOKED_BACK = timedelta(days=30)
MOST = 1000
"""Referrals, newest first."""
SEED = 1
"""One for both, so that lots make no difference."""


def try_out(session: Session, wanted: Wanted, *, rules: Rules, at: datetime) -> tuple[list[Judged], list[UUID]]:
    """Everybody around, as the rules would judge them now, and the first wave."""
    ids = agents_around(session, wanted.place)
    judged = judge(candidates(session, ids, at=at), wanted, rules, records_of(session, ids), seed=SEED, at=at)
    fit = [one.agent_id for one in judged if one.is_eligible]
    return judged, next_wave(fit, sent=0, pooled=False, rules=rules)


@dataclass(frozen=True)
class Share:
    """How many first waves an agent would have been in."""

    name: str
    before: int
    after: int


@dataclass(frozen=True)
class Replay:
    """The referrals of 30 days under two sets of rules, with the agents as they are today and all of them there."""

    referrals: int
    alone_before: int
    """So many would have found nobody."""
    alone_after: int
    differ: int
    """So many would have had another first wave."""
    shares: tuple[Share, ...]
    """Of the agents for whom it makes a difference, the greatest first."""


def replay(session: Session, *, before: Rules, after: Rules, at: datetime) -> Replay:
    """Judges what came in anew, and writes nothing."""
    query = (
        select(Referral)
        .options(joinedload(Referral.client))
        .where(Referral.id >= first_id(at - LOOKED_BACK))
        .order_by(Referral.id.desc())
        .limit(MOST)
    )
    referrals = session.scalars(query).all()
    around = {referral.id: agents_around(session, place_of(referral)) for referral in referrals}
    ids = sorted({id_ for those in around.values() for id_ in those})
    known = {one.agent_id: _at_their_best(one) for one in candidates(session, ids, at=at)}
    records = records_of(session, ids)
    waves = [
        [_first_wave([known[id_] for id_ in around[one.id]], wanted_of(one), rules, records, at) for one in referrals]
        for rules in (before, after)
    ]
    return Replay(
        referrals=len(referrals),
        alone_before=sum(not wave for wave in waves[0]),
        alone_after=sum(not wave for wave in waves[1]),
        differ=sum(set(one) != set(other) for one, other in zip(*waves, strict=True)),
        shares=_shares(session, *(Counter(id_ for wave in those for id_ in wave) for those in waves)),
    )


def _at_their_best(agent: Candidate) -> Candidate:
    """There and free: what they were at the time is not known any more."""
    there = replace(agent, is_paused=False, paused_until=None, is_team_paused=False, clients=0, today=0)
    return replace(there, reached_by=agent.reached_by or ("email",))


def _first_wave(
    agents: Sequence[Candidate], wanted: Wanted, rules: Rules, records: Records, at: datetime
) -> list[UUID]:
    judged = judge(agents, wanted, rules, records, seed=SEED, at=at)
    return next_wave([one.agent_id for one in judged if one.is_eligible], sent=0, pooled=False, rules=rules)


def _shares(session: Session, before: Mapping[UUID, int], after: Mapping[UUID, int]) -> tuple[Share, ...]:
    differ = [id_ for id_ in {*before, *after} if before.get(id_, 0) != after.get(id_, 0)]
    names = session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(differ)))
    found = [Share(name, before.get(id_, 0), after.get(id_, 0)) for id_, name in names]
    return tuple(sorted(found, key=lambda one: (-abs(one.after - one.before), one.name)))
