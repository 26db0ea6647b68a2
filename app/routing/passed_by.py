"""What passed an agent by: referrals near them that were not offered to them, by what stood in the way."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.database.ids import first_id
from app.routing.eligibility import Rule
from app.routing.models import Verdict

LOOKED_BACK = timedelta(days=30)
MOST = 500


def passed_by(session: Session, *, agent_id: UUID, at: datetime) -> Counter[Rule]:
    """How many referrals of 30 days each rule kept from them; each counts once, by the first rule that said no.

    As their first wave was made; who had it before is not in it, nor who works elsewhere.
    """
    first = func.row_number().over(partition_by=Verdict.referral_id, order_by=Verdict.wave)
    waves = (
        select(Verdict.referral_id, Verdict.findings, Verdict.is_eligible, first.label("place"))
        .where(Verdict.agent_id == agent_id, Verdict.referral_id >= first_id(at - LOOKED_BACK))
        .order_by(Verdict.referral_id.desc())
        .limit(MOST)
        .subquery()
    )
    rows = session.execute(select(waves.c.findings).where(waves.c.place == 1, ~waves.c.is_eligible))
    found: Counter[Rule] = Counter()
    for (findings,) in rows:
        rule = next(Rule(one["rule"]) for one in findings if not one["passed"])
        if rule not in (Rule.AREA, Rule.BEFORE):
            found[rule] += 1
    return found
