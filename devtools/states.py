"""`make docs`: draws the transition tables of the code into docs/states.md."""

import re
import sys
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from app.calls import rules as calls
from app.notifications import rules as messages
from app.offers import rules as offers
from app.pipeline import models as pipeline
from app.referrals import rules as referrals
from app.transfers import rules as transfers
from app.webhooks import rules as webhooks
from deploy.processes import ROOT

PAGE = ROOT / "docs" / "states.md"
DRAWN: dict[str, Mapping[Any, Iterable[Any]]] = {
    "calls": calls.TRANSITIONS,
    "offers": offers.TRANSITIONS,
    "referrals": referrals.TRANSITIONS,
    "messages": messages.TRANSITIONS,
    "handovers": pipeline.HANDOVER_MOVES,
    "transfers": transfers.TRANSITIONS,
    "webhooks": webhooks.TRANSITIONS,
}
GROUPS = {"calls": {"any end without a claim": calls.WITHOUT_CLAIM, "an end with a claim": calls.WITH_CLAIM}}
"""Sets of states that are drawn as one where a state may become each of them."""


def main() -> int:
    """Rewrites the page."""
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def drawn(page: str) -> str:
    """`page` with each drawing replaced by what the code says now."""
    for name, transitions in DRAWN.items():
        mark = re.compile(rf"(<!-- {name}: drawn by make docs -->\n).*?(<!-- end -->)", re.DOTALL)
        assert mark.search(page), f"docs/states.md has no place for {name}"
        picture = diagram(transitions, GROUPS.get(name, {}))
        page = mark.sub(lambda found, picture=picture: f"{found[1]}{picture}\n{found[2]}", page)  # type: ignore[misc]
    return page


def diagram(transitions: Mapping[StrEnum, Iterable[StrEnum]], groups: Mapping[str, frozenset[StrEnum]]) -> str:
    """A state diagram (Mermaid, which code hosts draw) and the same as a table."""
    return f"```mermaid\n{_mermaid(transitions, groups)}\n```\n\n{_table(transitions, groups)}"


def _mermaid(transitions: Mapping[StrEnum, Iterable[StrEnum]], groups: Mapping[str, frozenset[StrEnum]]) -> str:
    lines = ["stateDiagram-v2"]
    lines += [f'  state "{name}" as {_key(name)}' for name in groups]
    for state, targets in _in_order(transitions):
        lines += [f"  {state} --> {_key(name)}" for name in _named(targets, groups)]
    return "\n".join(lines)


def _table(transitions: Mapping[StrEnum, Iterable[StrEnum]], groups: Mapping[str, frozenset[StrEnum]]) -> str:
    rows = ["| state | may become |", "|---|---|"]
    for state, targets in _in_order(transitions):
        named = [name if name in groups else f"`{name}`" for name in _named(targets, groups)]
        rows.append(f"| `{state}` | {', '.join(named)} |")
    return "\n".join(rows)


def _in_order(transitions: Mapping[StrEnum, Iterable[StrEnum]]) -> list[tuple[StrEnum, Iterable[StrEnum]]]:
    """As the states are written down; those that nothing follows are left out."""
    return [(state, transitions[state]) for state in type(next(iter(transitions))) if transitions[state]]


def _named(targets: Iterable[StrEnum], groups: Mapping[str, frozenset[StrEnum]]) -> list[str]:
    """The targets in the order in which they are written down, a whole group by its name."""
    left, found = set(targets), []
    for name, group in groups.items():
        if group <= left:
            left -= group
            found.append(name)
    return [*(str(state) for state in type(next(iter(left))) if state in left), *found] if left else found


def _key(name: str) -> str:
    return name.replace(" ", "_")


if __name__ == "__main__":
    sys.exit(main())
