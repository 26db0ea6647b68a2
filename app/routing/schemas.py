"""What an admin can set about routing. What a form leaves out stays as it is."""

from dataclasses import asdict, replace
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from app.routing.rules import Rules, Then

WHOLE = "Give a whole number."
WEIGHTS = ("speed_weight", "answer_weight", "talk_weight", "turn_weight")
FOLLOWS: dict[str, tuple[Then, ...]] = {
    "after_waves": (Then.POOL, Then.ADMINS),
    "after_agent": (Then.TEAM, Then.WAVES, Then.ADMINS),
    "after_team": (Then.WAVES, Then.ADMINS),
}


def _number(least: int, most: int, *, may_be_empty: bool = False) -> fields.Integer:
    between = validate.Range(min=least, max=most, error=f"Between {least:,} and {most:,}.")
    return fields.Integer(
        strict=False,
        validate=between,
        allow_none=may_be_empty,
        error_messages={"invalid": WHOLE, "null": WHOLE, "too_large": WHOLE},
    )


def _follows(name: str) -> fields.Enum[Then]:
    known = FOLLOWS[name]
    return fields.Enum(
        Then,
        by_value=True,
        validate=validate.OneOf(known, error=f"One of {', '.join(known)}."),
        error_messages={"unknown": f"One of {', '.join(known)}."},
    )


class RulesSchema(Schema):
    """The rules."""

    class Meta:
        unknown = "raise"

    wave_size = _number(1, 50)
    waves = _number(1, 20)
    window_minutes = _number(1, 1440, may_be_empty=True)
    head_start_seconds = _number(0, 600)
    after_waves = _follows("after_waves")
    after_agent = _follows("after_agent")
    after_team = _follows("after_team")
    work_within_hours = _number(1, 720, may_be_empty=True)
    needs_price = fields.Boolean()
    needs_language = fields.Boolean()
    needs_licence = fields.Boolean()
    most_clients = _number(1, 500, may_be_empty=True)
    most_a_day = _number(1, 500, may_be_empty=True)
    speed_weight = _number(0, 100)
    answer_weight = _number(0, 100)
    talk_weight = _number(0, 100)
    turn_weight = _number(0, 100)
    agents_choose = fields.Boolean()

    @validates_schema
    def _some_weight(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if all(data.get(name) == 0 for name in WEIGHTS):
            raise ValidationError("At least one of the four has to count.", WEIGHTS[0])


def changed(rules: Rules, loaded: dict[str, Any]) -> Rules:
    """The rules with what RulesSchema loaded."""
    return replace(rules, **{name: value for name, value in loaded.items() if name in asdict(rules)})
