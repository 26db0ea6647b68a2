"""What an agent serves, in a form: areas and licences one a line, codes with spaces between, prices as typed."""

from collections.abc import Mapping
from typing import Any

from app.core.errors import FieldError, InvalidInput
from app.http.forms import load
from app.people.serves import Serves, ServesSchema, serves_loaded
from app.referrals.schemas import dollars

GROUP = "serves."


def serves_typed(values: Mapping[str, Any]) -> Serves:
    """Reads the fields named `serves.*`. Raises InvalidInput, each error at the field of the form."""
    typed = {name.removeprefix(GROUP): str(value) for name, value in values.items() if name.startswith(GROUP)}
    price = {end: dollars(typed[f"price.{end}"]) for end in ("min", "max") if typed.get(f"price.{end}", "").strip()}
    body: dict[str, Any] = {
        "areas": [line for line in typed.get("areas", "").splitlines() if line.strip()],
        "speaks": typed.get("speaks", "").replace(",", " ").lower().split(),
        "licences": [line for line in typed.get("licences", "").splitlines() if line.strip()],
        **{name: typed[name].strip() for name in ("most_clients", "most_a_day") if typed.get(name, "").strip()},
        **({"price": price} if price else {}),
    }
    try:
        return serves_loaded(load(ServesSchema(), body))
    except InvalidInput as error:
        raise InvalidInput(*(FieldError(GROUP + one.field, one.message) for one in error.errors)) from error


def serves_shown(serves: Serves) -> dict[str, str]:
    """The values of those fields."""
    least, most = serves.price if serves.price is not None else ("", "")
    shown = {
        "areas": "\n".join(map(str, serves.areas)),
        "price.min": f"{least:,}" if least != "" else "",
        "price.max": f"{most:,}" if most != "" else "",
        "speaks": " ".join(serves.speaks),
        "licences": "\n".join(map(str, serves.licences)),
        "most_clients": serves.most_clients or "",
        "most_a_day": serves.most_a_day or "",
    }
    return {GROUP + name: str(value) for name, value in shown.items()}
