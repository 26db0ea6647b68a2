"""Keeps who changed what, in the transaction that changes it: no caller can forget to."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import event, insert, inspect, select
from sqlalchemy.orm import Session, UOWTransaction, joinedload

from app.access.models import ApiKey
from app.core.actor import ACTOR
from app.core.clock import now
from app.core.database.columns import table_of
from app.core.database.ids import new_id
from app.history.models import Change
from app.people.models import Account, Agent, Team
from app.referrals.models import Referral

WATCHED: dict[type, tuple[str, ...]] = {
    Team: ("name", "paused_at"),
    Account: ("email", "is_admin"),
    Agent: (
        "name", "phone", "time_zone", "team_id", "takes_buyers", "takes_sellers", "sms_consent_at", "paused_at",
        "left_at",
    ),
    ApiKey: ("name", "revoked_at"),
    Referral: (),
}  # fmt: skip
"""The columns that people change. Of a referral: only that it was sent, and by whom; what is in it is the client's."""
SHOWN = 20


def watch_changes() -> None:
    """From now on every session keeps them."""
    if not event.contains(Session, "after_flush", _keep):
        event.listen(Session, "after_flush", _keep)


def changes_of(session: Session, *, row_ids: Sequence[UUID]) -> list[Change]:
    """The newest changes of these rows, newest first."""
    who = (joinedload(Change.account), joinedload(Change.api_key))
    query = select(Change).where(Change.row_id.in_(row_ids)).order_by(Change.id.desc()).limit(SHOWN)
    return list(session.scalars(query.options(*who)))


def _keep(session: Session, _context: UOWTransaction) -> None:
    rows = [*_made(session), *_changed(session)]
    if not rows:
        return
    actor, at = ACTOR.get(), now()
    who = {"at": at, "via": actor.via, "account_id": actor.account_id, "api_key_id": actor.api_key_id}
    session.connection().execute(insert(table_of(Change)), [{"id": new_id(), **who, **row} for row in rows])


def _made(session: Session) -> Iterator[dict[str, Any]]:
    for row in session.new:
        if type(row) in WATCHED:
            values = {column: _json(getattr(row, column)) for column in WATCHED[type(row)]}
            yield _row(row, None, {column: value for column, value in values.items() if value is not None})


def _changed(session: Session) -> Iterator[dict[str, Any]]:
    for row in session.dirty:
        columns = WATCHED.get(type(row))
        if not columns:
            continue
        state = inspect(row)
        changed = {column: history for column in columns if (history := state.attrs[column].history).has_changes()}
        if changed:
            before = {column: _json(history.deleted[0]) for column, history in changed.items() if history.deleted}
            yield _row(row, before, {column: _json(history.added[0]) for column, history in changed.items()})


def _row(row: Any, before: dict[str, Any] | None, after: dict[str, Any]) -> dict[str, Any]:
    return {"noun": table_of(type(row)).name, "row_id": row.id, "before": before, "after": after}


def _json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
