"""The desk's table of agents: filtered, searched, sorted, a page at a time; all of it stands in the address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.admin import blueprint
from app.admin.paging import PAGE
from app.extensions import db
from app.notifications.reach.summary import reached_by
from app.people.models import Account, Agent, Team
from app.routing.models import AgentRecord

SHOWS: Mapping[str, tuple[str, ColumnElement[bool]]] = {
    "here": ("At work", Agent.left_at.is_(None) & Agent.paused_at.is_(None)),
    "paused": ("Paused", Agent.left_at.is_(None) & Agent.paused_at.is_not(None)),
    "left": ("Left", Agent.left_at.is_not(None)),
}
ANSWERED = AgentRecord.answered * 100 / func.nullif(AgentRecord.rang, 0)
SORTS: Mapping[str, tuple[str, ColumnElement[Any]]] = {
    "name": ("Name", func.lower(Agent.name)),
    "team": ("Team", func.lower(Team.name)),
    "claims": ("Claims", AgentRecord.claims.expression),
    "answered": ("Answered", ANSWERED),
    "speed": ("To claim", AgentRecord.claim_seconds.expression),
}
"""By what the table can be sorted. Figures are those of the last eight weeks."""
BEST_LAST = frozenset({"claims", "answered"})
"""Sorted by these, the largest comes first."""


@dataclass(frozen=True)
class Wanted:
    """What the address asks for."""

    show: str
    search: str
    sort: str
    page: int

    def with_(self, **other: str | int) -> str:
        """The address with something else; a new filter or order begins at the first page."""
        values = {"show": self.show, "q": self.search, "sort": self.sort, "page": 1, **other}
        kept = {name: value for name, value in values.items() if value not in ("", "all", "name", 1)}
        return f"?{urlencode(kept)}" if kept else ""


@dataclass(frozen=True)
class Line:
    """One agent of the table."""

    agent: Agent
    record: AgentRecord | None

    @property
    def answered(self) -> float | None:
        """Of the calls that rang them."""
        return self.record.answered / self.record.rang if self.record is not None and self.record.rang else None


@blueprint.get("/agents")
def agents() -> str:
    """The page that the address asks for."""
    wanted, session = _wanted(), db.session()
    lines, more = _lines(session, wanted)
    return render_template(
        "admin/agents.html",
        wanted=wanted,
        lines=lines,
        more=more,
        ways=reached_by(session, [line.agent for line in lines]),
        shows={"all": "All", **{name: label for name, (label, _) in SHOWS.items()}},
        sorts={name: label for name, (label, _) in SORTS.items()},
    )


def _wanted() -> Wanted:
    args = request.args
    show, sort = args.get("show", ""), args.get("sort", "")
    return Wanted(
        show if show in SHOWS else "all",
        args.get("q", "").replace("\0", "").strip(),
        sort if sort in SORTS else "name",
        max(1, min(args.get("page", 1, type=int), 10_000)),
    )


def _lines(session: Session, wanted: Wanted) -> tuple[list[Line], bool]:
    query = select(Agent, AgentRecord).outerjoin(AgentRecord, AgentRecord.agent_id == Agent.id)
    query = query.outerjoin(Team, Team.id == Agent.team_id).options(joinedload(Agent.team))
    if wanted.show in SHOWS:
        query = query.where(SHOWS[wanted.show][1])
    if wanted.search:
        query = query.where(or_(*_match(wanted.search)))
    rows = session.execute(_sorted(query, wanted.sort).offset((wanted.page - 1) * PAGE).limit(PAGE + 1)).all()
    return [Line(agent, record) for agent, record in rows[:PAGE]], len(rows) > PAGE


def _sorted(query: Select[Agent, AgentRecord], sort: str) -> Select[Agent, AgentRecord]:
    column = SORTS[sort][1]
    return query.order_by((column.desc() if sort in BEST_LAST else column.asc()).nulls_last(), Agent.name, Agent.id)


def _match(search: str) -> list[ColumnElement[bool]]:
    found = [
        Agent.name.icontains(search, autoescape=True),
        Agent.account.has(Account.email.icontains(search, autoescape=True)),
        Agent.team.has(Team.name.icontains(search, autoescape=True)),
    ]
    digits = re.sub(r"[\s().+-]", "", search)
    return [*found, Agent.phone.contains(digits)] if digits.isascii() and digits.isdigit() else found
