"""Every change that people or software have made, newest first: of agents, teams, accounts, keys, rules and terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import ApiKey, JoinRequest
from app.core.database.changes import Change
from app.history.changes import VIA, change_words
from app.people.models import Account, Agent, Team
from app.referrals.models import Referral
from app.webhooks.models import Endpoint

PAGE = 50
NOUNS = {
    "team": "Team", "account": "Account", "agent": "Agent", "api_key": "API key", "referral": "Referral",
    "client": "Client", "routing_rules": "Routing", "terms": "Terms", "desk_action": "Action on a referral",
    "invitation": "Invitation", "join_request": "Request to join", "webhook_endpoint": "Webhook",
}  # fmt: skip
PATHS = {"team": "/admin/teams/{}", "agent": "/admin/agents/{}", "referral": "/admin/referrals/{}"}


@dataclass(frozen=True)
class AuditLine:
    """One change: of what, by whom, and its values before and after in words."""

    id: UUID
    at: datetime
    who: str
    noun: str
    name: str
    path: str | None
    words: str


def audit(session: Session, *, noun: str | None, before: UUID | None) -> list[AuditLine]:
    """A page; of one noun, or of all."""
    query = (
        select(Change, Account.email, ApiKey.name)
        .outerjoin(Account, Account.id == Change.account_id)
        .outerjoin(ApiKey, ApiKey.id == Change.api_key_id)
        .order_by(Change.id.desc())
        .limit(PAGE)
    )
    if noun in NOUNS:
        query = query.where(Change.noun == noun)
    if before is not None:
        query = query.where(Change.id < before)
    rows: Sequence[tuple[Change, str | None, str | None]] = [tuple(row) for row in session.execute(query)]  # type: ignore[misc]
    names = _names(session, [change for change, _, _ in rows])
    return [
        AuditLine(
            change.id,
            change.at,
            email or (key and f"{key} (API key)") or VIA[change.via],
            NOUNS.get(change.noun, change.noun),
            names.get(change.row_id, ""),
            PATHS[change.noun].format(change.row_id) if change.noun in PATHS else None,
            change_words(change),
        )
        for change, email, key in rows
    ]


def _names(session: Session, changes: Sequence[Change]) -> Mapping[UUID, str]:
    """What the rows are called; a client's name is not told here."""
    ids = {noun: [change.row_id for change in changes if change.noun == noun] for noun in NOUNS}
    named = {
        "agent": Agent.name,
        "team": Team.name,
        "account": Account.email,
        "api_key": ApiKey.name,
        "join_request": JoinRequest.name,
        "webhook_endpoint": Endpoint.url,
    }
    found: dict[UUID, str] = {}
    for noun, column in named.items():
        query = select(column.class_.id, column).where(column.class_.id.in_(ids[noun]))
        found.update((row[0], row[1]) for row in session.execute(query))
    for one in session.scalars(select(Referral).where(Referral.id.in_(ids["referral"]))):
        found[one.id] = one.need.headline
    return found
