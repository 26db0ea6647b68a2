"""How a network routes: what it requires of agents, how they are put in order, and how many are asked at a time."""

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any


class Then(StrEnum):
    """What follows when a wave has come to nothing."""

    TEAM = "team"
    """The team of the agent who was named."""
    WAVES = "waves"
    """Agents who fit, wave by wave."""
    POOL = "pool"
    """Everybody else who fits, at once."""
    ADMINS = "admins"
    """Nobody: the admins decide."""


@dataclass(frozen=True)
class Rules:
    """One version of them. The defaults need no setting up but the agents' areas."""

    wave_size: int = 5
    """Agents who are asked at once."""
    waves: int = 3
    window_minutes: int | None = None
    """How long a wave has; None: as long as any offer."""
    head_start_seconds: int = 0
    """How much earlier than the next in order each of a wave is told."""
    after_waves: Then = Then.POOL
    after_agent: Then = Then.ADMINS
    """What follows a referral to one agent, who did not take it."""
    after_team: Then = Then.ADMINS
    needs_price: bool = True
    """Whether the price has to lie in an agent's range."""
    needs_language: bool = True
    needs_licence: bool = False
    most_clients: int | None = None
    """Open ones, of an agent who has no such limit of their own."""
    most_a_day: int | None = None
    speed_weight: int = 30
    answer_weight: int = 30
    talk_weight: int = 30
    turn_weight: int = 10
    """Of how long an agent has had no offer."""
    work_within_hours: int | None = None
    """How long a claimed client may hear nothing before their agent is reminded; None: nobody looks."""
    agents_choose: bool = True
    """Whether agents set their own areas and prices."""


DEFAULTS = Rules()
THENS = ("after_waves", "after_agent", "after_team")


def written(rules: Rules) -> dict[str, Any]:
    """As they are kept."""
    return asdict(rules)


def read(kept: dict[str, Any]) -> Rules:
    """As they were kept; what a later release has added stands at its default, what it has dropped is left out."""
    known = {field.name for field in fields(Rules)}
    values: dict[str, Any] = {name: value for name, value in kept.items() if name in known}
    return Rules(**{**values, **{name: Then(values[name]) for name in THENS if name in values}})
