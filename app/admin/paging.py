"""Lists of the desk that are by name: a page of them, and a search."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import request
from sqlalchemy import ColumnElement, Select, or_, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.database.ids import parse_id
from app.people.models import Agent, Team

PAGE = 100
Named = TypeVar("Named", Agent, Team)
Match = Callable[[str], Sequence[ColumnElement[bool]]]


@dataclass(frozen=True)
class NamedPage(Generic[Named]):
    """Some of a list; `search` is what was typed, `next_query` leads to those after these."""

    shown: list[Named]
    search: str
    next_query: str | None


def page_by_name(
    session: Session,
    query: Select[Named],
    *,
    name: InstrumentedAttribute[str],
    id_: InstrumentedAttribute[Any],
    match: Match,
) -> NamedPage[Named]:
    """The page that the request asks for by `q`, `after` and `after_id`: the last name and id of the page before."""
    search = request.args.get("q", "").replace("\0", "").strip()
    after, after_id = request.args.get("after", "").replace("\0", ""), parse_id(request.args.get("after_id", ""))
    if search:
        query = query.where(or_(*match(search)))
    if after_id is not None:
        query = query.where(tuple_(name, id_) > tuple_(after, after_id))
    found = list(session.scalars(query.order_by(name, id_).limit(PAGE + 1)))
    shown = found[:PAGE]
    more = len(found) > PAGE
    asked = {"q": search, "after": shown[-1].name, "after_id": shown[-1].id} if more else {}
    return NamedPage(shown, search, urlencode({key: value for key, value in asked.items() if value}) or None)
