"""Which terms hold, who has accepted them, and whether an agent may claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.database.columns import table_of
from app.people.licences import parse_licence
from app.people.models import Account, Agent
from app.terms.models import TermsAcceptance, TermsVersion
from app.terms.rules import NOTHING_ASKED, Lack, Standing, Terms, lacking, read, written

ONE_AT_A_TIME = 7_205_761
"""The advisory lock under which a version gets its number."""


@dataclass(frozen=True)
class Version:
    """One version of the terms; `id` is None before a network has set any."""

    id: UUID | None
    number: int
    agreement_number: int
    terms: Terms


@dataclass(frozen=True)
class Verdict:
    """Whether an agent may claim a referral, and what is kept with the claim."""

    lacks: tuple[Lack, ...] = ()
    terms_id: UUID | None = None
    fee_percent: Decimal | None = None


TERMS_ARE_SET = select(table_of(TermsVersion).c.id).exists()
"""Whether the network has ever set terms, for statements that are in a hurry."""
NONE_YET = Version(None, 0, 0, NOTHING_ASKED)


def in_force(session: Session) -> Version:
    """The terms that hold now."""
    row = session.scalar(select(TermsVersion).order_by(TermsVersion.number.desc()).limit(1))
    return version(row) if row is not None else NONE_YET


def version(row: TermsVersion) -> Version:
    """What a row says."""
    return Version(row.id, row.number, row.agreement_number, read(row.terms))


def keep(session: Session, *, terms: Terms, account_id: UUID, at: datetime) -> Version:
    """Makes these the terms from now on. The same again is no new version."""
    session.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": ONE_AT_A_TIME})
    before = in_force(session)
    if before.terms == terms:
        return before
    number = before.number + 1
    agreement_number = before.agreement_number if before.terms.agreed == terms.agreed else number
    row = TermsVersion(
        number=number, agreement_number=agreement_number, terms=written(terms), account_id=account_id, made_at=at
    )
    session.add(row)
    session.flush()
    return version(row)


def accept(session: Session, *, agent_id: UUID, terms_id: UUID, at: datetime) -> bool:
    """The agent accepts the agreement as this version has it; whether it still holds. Again changes nothing."""
    now_in_force = in_force(session)
    if now_in_force.id != terms_id:
        return False
    row = {"agent_id": agent_id, "agreement_number": now_in_force.agreement_number, "terms_id": terms_id, "at": at}
    session.execute(insert(TermsAcceptance).values(row).on_conflict_do_nothing())
    return True


def accepted_at(session: Session, *, agent_id: UUID, agreement_number: int) -> datetime | None:
    """When the agent accepted this agreement."""
    row = session.get(TermsAcceptance, (agent_id, agreement_number))
    return row.at if row is not None else None


def how_many_accepted(session: Session, *, agreement_number: int) -> int:
    """Agents of the network who have accepted this agreement."""
    query = select(func.count()).select_from(TermsAcceptance).join(Agent, Agent.id == TermsAcceptance.agent_id)
    query = query.where(TermsAcceptance.agreement_number == agreement_number, Agent.left_at.is_(None))
    return session.scalar(query) or 0


def standings(session: Session, agent_ids: Sequence[UUID], holds: Version) -> Mapping[UUID, Standing]:
    """What is known of these agents, in one statement."""
    agreed = select(TermsAcceptance.agent_id).where(
        TermsAcceptance.agent_id == Agent.id, TermsAcceptance.agreement_number == holds.agreement_number
    )
    query = select(Agent.id, Agent.brokerage, Agent.licences, agreed.exists()).where(Agent.id.in_(agent_ids))
    return {
        row[0]: Standing(row[1], tuple(parse_licence(one) for one in row[2]), has_agreed=row[3])
        for row in session.execute(query)
    }


def may_claim(session: Session, *, agent_id: UUID, state: str, price: int, time_zone: str, at: datetime) -> Verdict:
    """Whether an agent may claim a referral in this state, of about this price, by the terms in force."""
    holds = in_force(session)
    if holds.id is None:
        return Verdict()
    standing = standings(session, [agent_id], holds)[agent_id]
    return Verdict(
        lacking(holds.terms, standing, state=state, today=today_in(time_zone, at)),
        holds.id,
        holds.terms.percent_for(price),
    )


def today_in(time_zone: str, at: datetime) -> date:
    """The day there."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def versions(session: Session, limit: int) -> list[tuple[Version, datetime, str | None]]:
    """Newest first: each with when it was made, and by whom."""
    query = select(TermsVersion, Account.email).outerjoin(Account, Account.id == TermsVersion.account_id)
    rows = session.execute(query.order_by(TermsVersion.number.desc()).limit(limit))
    return [(version(row), row.made_at, email) for row, email in rows]
