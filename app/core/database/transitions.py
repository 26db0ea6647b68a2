"""Tables of transitions: which state may follow which. Status moves through one of these, and in no other way."""

from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute

State = TypeVar("State", bound=StrEnum)


class ForbiddenMove(Exception):
    """A move that its table does not allow: a mistake of ours, never of a caller."""


class Transitions(dict[State, frozenset[State]]):
    """By state, the states that may follow it; none follows an end."""

    def allow(self, now: State, then: State) -> bool:
        """Whether what is in `now` may move to `then`."""
        return then in self[now]

    def require(self, now: State, then: State) -> None:
        """Raises ForbiddenMove unless the table allows it."""
        if not self.allow(now, then):
            raise ForbiddenMove(f"{type(now).__name__}: {now} -> {then}")

    def sources_of(self, *then: State) -> tuple[State, ...]:
        """The states that may move to each of `then`."""
        return tuple(state for state, targets in self.items() if targets.issuperset(then))

    def guard(self, status: ColumnElement[Any] | InstrumentedAttribute[Any], *then: State) -> ColumnElement[bool]:
        """The same for the WHERE of an UPDATE: a row in any other state is left alone."""
        return or_(*(status == state for state in self.sources_of(*then)))
