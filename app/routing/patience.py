"""How long a client may wait for their agent. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

WARNINGS = 2
"""Before the client goes to another agent, half of the network's time apart."""


class Step(Enum):
    """What is to be done about a claim."""

    WAIT = auto()
    WARN = auto()
    TAKE_AWAY = auto()


@dataclass(frozen=True)
class Check:
    """What to do now, how often the agent is warned by then, and when to look next."""

    step: Step
    warnings: int
    check_at: datetime | None


def check(*, within: timedelta, last_word: datetime, warnings: int, planned: datetime, at: datetime) -> Check:
    """What follows when an agent has said and done nothing since `last_word`.

    `warnings` they have had so far, and this look was `planned` with the last of them.
    """
    if last_word > planned - within / 2:
        warnings = 0
    if at < last_word + within:
        return Check(Step.WAIT, 0, last_word + within)
    if warnings < WARNINGS:
        return Check(Step.WARN, warnings + 1, at + within / 2)
    return Check(Step.TAKE_AWAY, warnings, None)


def goes_on_at(*, within: timedelta, warnings: int, check_at: datetime) -> datetime:
    """When the client of an agent who has been warned goes to another, if they do nothing."""
    return check_at + (WARNINGS - warnings) * within / 2
