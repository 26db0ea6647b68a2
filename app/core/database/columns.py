"""Column types shared by all models."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import DateTime, Enum, ForeignKey, Index, Table, Uuid
from sqlalchemy.orm import DeclarativeBase, mapped_column

from app.core.database.ids import new_id

Id = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=new_id)]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]


def text_enum(kind: type[StrEnum], *, name: str | None = None) -> Enum:
    """Text with a check constraint: readable in SQL, and a value can be added without a type change.

    Two columns of one kind in a table need a `name` for one of their constraints.
    """
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda members: [member.value for member in members],
        name=name or kind.__name__.lower(),
    )


def table_of(model: type[DeclarativeBase]) -> Table:
    """The table of a model, for statements that go past the ORM."""
    found = model.__table__
    assert isinstance(found, Table)
    return found


def reference(target: str, **options: Any) -> Any:
    """A foreign key column with an index. Rows that others point to are never deleted."""
    options.setdefault("index", True)
    return mapped_column(ForeignKey(target, ondelete="RESTRICT"), **options)


def sparse_index(table: str, column: str) -> Index:
    """An index of a column that is mostly NULL: of the rows where it is not."""
    return Index(f"ix_{table}_{column}", column, postgresql_where=f"{column} IS NOT NULL")
