"""The rules of the network, version by version."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.claims.checks import check_all
from app.routing.models import Routed, RulesVersion
from app.routing.rules import DEFAULTS, Rules, read, written

ONE_AT_A_TIME = 7_205_760
"""The advisory lock under which a version gets its number."""


@dataclass(frozen=True)
class Version:
    """One version of the rules."""

    id: UUID
    number: int
    rules: Rules


def newest(session: Session, *, at: datetime) -> Version:
    """What routes a referral that comes in now; keeps the defaults as version 1 if nobody has set any."""
    found = session.scalar(select(RulesVersion).order_by(RulesVersion.number.desc()).limit(1))
    return _version(found) if found is not None else keep(session, rules=DEFAULTS, account_id=None, at=at)


def current(session: Session) -> Rules:
    """The rules in force; writes nothing."""
    found = session.scalar(select(RulesVersion).order_by(RulesVersion.number.desc()).limit(1))
    return read(found.rules) if found is not None else DEFAULTS


def keep(session: Session, *, rules: Rules, account_id: UUID | None, at: datetime) -> Version:
    """Makes these the rules from now on. The same again is no new version."""
    session.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": ONE_AT_A_TIME})
    last = session.scalar(select(RulesVersion).order_by(RulesVersion.number.desc()).limit(1))
    if last is not None and read(last.rules) == rules:
        return _version(last)
    number = (session.scalar(select(func.max(RulesVersion.number))) or 0) + 1
    row = RulesVersion(number=number, rules=written(rules), account_id=account_id, made_at=at)
    session.add(row)
    session.flush()
    if rules.work_within_hours is not None:
        check_all(session, at=at)
    return _version(row)


def rules_of(session: Session, referral_id: UUID) -> Rules:
    """What holds of this referral: the version that routed it, or the rules in force where none did."""
    routed = session.get(Routed, referral_id)
    return version_of(session, routed.rules_id).rules if routed is not None else current(session)


def version_of(session: Session, rules_id: UUID) -> Version:
    """One that was kept."""
    return _version(session.get_one(RulesVersion, rules_id))


def _version(row: RulesVersion) -> Version:
    return Version(row.id, row.number, read(row.rules))
