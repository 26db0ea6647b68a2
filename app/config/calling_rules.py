"""Reads the calling hours of each state from TOML. Times are minutes since midnight, local time."""

import re
import tomllib
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

Span = tuple[int, int]
"""Start and end, in minutes since midnight. `NEVER` is an empty span."""
NEVER: Span = (0, 0)
TIME = re.compile(r"(\d{1,2})(?::([0-5]\d))?")
MIDNIGHT = 24 * 60


def _span(text: object) -> object:
    if text == "never":
        return NEVER
    if isinstance(text, str):
        begin, dash, end = text.partition("-")
        if dash and 0 <= _minutes(begin) < _minutes(end) <= MIDNIGHT:
            return _minutes(begin), _minutes(end)
    raise ValueError('must be two times such as "9-20:30", or "never"')


def _minutes(text: str) -> int:
    found = TIME.fullmatch(text.strip())
    return int(found[1]) * 60 + int(found[2] or 0) if found else MIDNIGHT + 1


Times = Annotated[Span, BeforeValidator(_span)]


class AreaRules(BaseModel):
    """The rules of one country or state. A state inherits what it leaves out from its country."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    law: str = Field(min_length=1)
    """The statute."""
    hours: Times | None = None
    """The default for every day; not `never`."""
    saturday: Times | None = None
    sunday: Times | None = None
    holiday: Times | None = None
    """On legal holidays there."""
    calls_a_day: int | None = Field(default=None, ge=1)
    """The most calls about one matter in any 24 hours."""

    @field_validator("hours")
    @classmethod
    def _some_hours(cls, hours: Span | None) -> Span | None:
        if hours == NEVER:
            raise ValueError("a day has some hours: what is forbidden altogether is no matter of hours")
        return hours


class CallingRules(BaseModel):
    """The whole table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: date
    """When the table was last checked against the law."""
    country: dict[str, AreaRules]
    state: dict[str, AreaRules] = {}

    @model_validator(mode="after")
    def _every_country_has_hours(self) -> "CallingRules":
        for name in ("US", "CA"):
            rules = self.country.get(name)
            if rules is None or rules.hours is None:
                raise ValueError(f"country.{name}.hours: needed")
        return self


def read_calling_rules(text: str) -> CallingRules:
    """Parses a table. Raises ValueError naming the wrong entry."""
    try:
        return CallingRules.model_validate(tomllib.loads(text))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        message = first["msg"].removeprefix("Value error, ")
        raise ValueError(f"{where}: {message}" if where else message) from None
