"""What an admin types for terms: a fee as lines, an agreement as text."""

import re
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from app.terms.rules import Step, Terms

LONGEST_AGREEMENT = 40_000
MOST_STEPS = 20
FEE = "Give one percentage, such as 30, or a line for each price: 400000: 25, and last the others: 30."
A_STEP = re.compile(r"(\$?(?P<up_to>[\d,]{1,15})\s*:\s*)?(?P<percent>\d{1,2}(\.\d{1,2})?)\s*%?")


class _Fee(fields.String):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        lines = [line.strip() for line in super()._deserialize(value, attr, data, **kwargs).splitlines()]
        return parse_fee([line for line in lines if line])


class TermsSchema(Schema):
    """The terms."""

    class Meta:
        unknown = "raise"

    agreement = fields.String(load_default="", validate=validate.Length(max=LONGEST_AGREEMENT))
    fee = _Fee(load_default=())
    needs_brokerage = fields.Boolean(load_default=False)
    needs_licence = fields.Boolean(load_default=False)


def terms_loaded(loaded: dict[str, Any]) -> Terms:
    """What TermsSchema loaded."""
    agreement = "\n".join(line.rstrip() for line in loaded["agreement"].strip().splitlines())
    return Terms(agreement, tuple(loaded["fee"]), loaded["needs_brokerage"], loaded["needs_licence"])


def parse_fee(lines: list[str]) -> tuple[Step, ...]:
    """Prices rising, the last line for all others. Raises ValidationError."""
    steps = [_step(line) for line in lines[: MOST_STEPS + 1]]
    prices = [step.up_to for step in steps[:-1]]
    in_order = all(price is not None for price in prices) and prices == sorted(set(prices))  # type: ignore[type-var]
    if len(steps) > MOST_STEPS or (steps and (not in_order or steps[-1].up_to is not None)):
        raise ValidationError(FEE)
    return tuple(steps)


def _step(line: str) -> Step:
    found = A_STEP.fullmatch(line)
    if found is None:
        raise ValidationError(FEE)
    up_to = int(found["up_to"].replace(",", "") or 0) if found["up_to"] else None
    return Step(Decimal(found["percent"]), up_to)


def fee_typed(fee: tuple[Step, ...]) -> str:
    """As `parse_fee` reads it."""
    return "\n".join(f"{step.up_to:,}: {step.percent}" if step.up_to is not None else str(step.percent) for step in fee)
