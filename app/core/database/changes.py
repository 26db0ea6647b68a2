"""Keeps who changed what, in the transaction that changes it: no caller can forget to."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, event, insert, inspect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column

from app.core.actor import ACTOR, Via
from app.core.clock import now
from app.core.database.columns import Id, Moment, reference, table_of, text_enum
from app.core.database.ids import new_id
from app.extensions import Model

_WATCHED: dict[type, tuple[str, ...]] = {}
_ALSO_MADE: set[type] = set()
"""Models whose new rows are recorded as well."""


class Change(Model):
    """`before` is NULL for a row that was made. Values are as the columns hold them, or as text."""

    __tablename__ = "change"

    id: Mapped[Id]
    at: Mapped[Moment] = mapped_column(default=now)
    via: Mapped[Via] = mapped_column(text_enum(Via))
    account_id: Mapped[UUID | None] = reference("account.id", index=False)
    api_key_id: Mapped[UUID | None] = reference("api_key.id", index=False)
    noun: Mapped[str] = mapped_column(String(20))
    """The table of the row that was changed."""
    row_id: Mapped[UUID]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)

    __table_args__ = (Index("ix_change_row_id", "row_id", "id"),)


def keep_changes(columns: Mapping[type, tuple[str, ...]], *, also_made: bool = True) -> None:
    """From now on every session keeps what is changed in these columns, and by default each row that is made."""
    _WATCHED.update(columns)
    _ALSO_MADE.update(columns if also_made else ())
    if not event.contains(Session, "after_flush", _keep):
        event.listen(Session, "after_flush", _keep)


def _keep(session: Session, _context: UOWTransaction) -> None:
    rows = [*_made(session), *_changed(session)]
    if not rows:
        return
    actor = ACTOR.get()
    who = {"at": now(), "via": actor.via, "account_id": actor.account_id, "api_key_id": actor.api_key_id}
    session.connection().execute(insert(table_of(Change)), [{"id": new_id(), **who, **row} for row in rows])


def _made(session: Session) -> Iterator[dict[str, Any]]:
    for row in session.new:
        if type(row) in _ALSO_MADE:
            values = {column: _json(getattr(row, column)) for column in _WATCHED[type(row)]}
            yield _row(row, None, {column: value for column, value in values.items() if value is not None})


def _changed(session: Session) -> Iterator[dict[str, Any]]:
    for row in session.dirty:
        columns = _WATCHED.get(type(row))
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
