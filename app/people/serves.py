"""Which clients an agent serves: where, at which prices, in which languages, how many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from sqlalchemy.orm import Session

from app.core.contact import NotUsable
from app.core.language import mark
from app.people.areas import MOST_AREAS, Area, areas_of, keep_areas, parse_area
from app.people.licences import MOST_LICENCES, Licence, parse_licence
from app.people.models import Agent

DEAREST = 1_000_000_000
MOST = 500
WHOLE_DOLLARS = mark("Give whole dollars.")
A_CODE = validate.Regexp(r"[a-z]{2,3}\Z", error=mark("Give languages by their codes, such as es."))


@dataclass(frozen=True)
class Serves:
    """None of a limit: as the network has it; no price: any."""

    areas: tuple[Area, ...] = ()
    price: tuple[int, int] | None = None
    """Whole dollars, from and to."""
    speaks: tuple[str, ...] = ()
    """With clients, beside English and the agent's own language: ISO 639 codes."""
    licences: tuple[Licence, ...] = ()
    most_clients: int | None = None
    most_a_day: int | None = None


class _Area(fields.String):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return _read(parse_area, super()._deserialize(value, attr, data, **kwargs))


class _Licence(fields.String):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return _read(parse_licence, super()._deserialize(value, attr, data, **kwargs))


def _read(parse: Any, value: str) -> Any:
    try:
        return parse(value)
    except NotUsable as error:
        raise ValidationError(str(error)) from error


def _most() -> fields.Integer:
    between = validate.Range(min=1, max=MOST, error=mark("Between 1 and 500."))
    return fields.Integer(load_default=None, allow_none=True, validate=between)


def _dollars() -> fields.Integer:
    between = validate.Range(min=0, max=DEAREST, error=mark("Between 0 and 1,000,000,000."))
    return fields.Integer(
        required=True, validate=between, error_messages={"invalid": WHOLE_DOLLARS, "required": WHOLE_DOLLARS}
    )


class RangeSchema(Schema):
    """Prices, in whole dollars."""

    class Meta:
        unknown = "raise"

    min = _dollars()
    max = _dollars()

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["min"] > data["max"]:
            raise ValidationError(mark("Must not be less than min."), "max")


class ServesSchema(Schema):
    """Which clients an agent serves."""

    class Meta:
        unknown = "raise"

    areas = fields.List(_Area(), load_default=list, validate=validate.Length(max=MOST_AREAS))
    price = fields.Nested(RangeSchema, load_default=None, allow_none=True)
    speaks = fields.List(fields.String(validate=A_CODE), load_default=list, validate=validate.Length(max=20))
    licences = fields.List(_Licence(), load_default=list, validate=validate.Length(max=MOST_LICENCES))
    most_clients = _most()
    most_a_day = _most()


def serves_loaded(loaded: dict[str, Any]) -> Serves:
    """What ServesSchema loaded."""
    price = loaded["price"]
    return Serves(
        areas=tuple(dict.fromkeys(loaded["areas"])),
        price=(price["min"], price["max"]) if price is not None else None,
        speaks=_once(loaded["speaks"]),
        licences=tuple(dict.fromkeys(loaded["licences"])),
        most_clients=loaded["most_clients"],
        most_a_day=loaded["most_a_day"],
    )


def serves_of(session: Session, *, agent: Agent) -> Serves:
    """As it stands."""
    price = (agent.price_min, agent.price_max)
    return Serves(
        areas=tuple(areas_of(session, [agent.id])[agent.id]),
        price=(price[0], price[1]) if price[0] is not None and price[1] is not None else None,
        speaks=tuple(agent.speaks),
        licences=tuple(map(parse_licence, agent.licences)),
        most_clients=agent.most_clients,
        most_a_day=agent.most_a_day,
    )


def keep_serves(session: Session, *, agent: Agent, serves: Serves) -> None:
    """Sets all of it."""
    agent.price_min, agent.price_max = serves.price if serves.price is not None else (None, None)
    agent.speaks, agent.licences = list(serves.speaks), list(map(str, serves.licences))
    agent.most_clients, agent.most_a_day = serves.most_clients, serves.most_a_day
    keep_areas(session, agent_id=agent.id, areas=serves.areas)


def _once(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
