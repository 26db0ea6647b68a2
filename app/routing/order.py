"""In which order the agents who fit are asked: who is quick, picks up and gets to talk, and whose turn it is. Pure.

Each part runs from 0 to 1, and the score is their weighted mean:

- speed: 1 for a claim in no time, 1/2 in a minute, 1/10 in nine: 60 / (60 + median seconds from offer to claim)
- answer: of the calls that rang them, the share they picked up. Who tried and lost to somebody has picked up.
- talk: of their claims, the share in which they got to talk with the client
- turn: how long they have had no offer, 1 from a day on: new agents, and those who were passed over, come up

An agent with few calls or claims counts as the network does, and their own figures take over as they grow: as if they
had had EASED of each at the network's mean. Equal scores are drawn by lot, from a seed that is kept.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.routing.rules import Rules

HALF_SPEED_SECONDS = 60.0
EASED = 5
FULL_TURN = timedelta(days=1)
EQUAL = 3
"""Decimals in which equal scores are the same."""


@dataclass(frozen=True)
class Record:
    """What an agent, or the whole network, did in eight weeks."""

    rang: int = 0
    answered: int = 0
    claims: int = 0
    talked: int = 0
    claim_seconds: float | None = None
    """The median from an offer to its claim."""
    last_offer_at: datetime | None = None


@dataclass(frozen=True)
class Score:
    """The whole, and its parts."""

    total: float
    speed: float
    answer: float
    talk: float
    turn: float


def score(own: Record, network: Record, rules: Rules, *, at: datetime) -> Score:
    """The score of an agent with this record."""
    seconds = _eased(own.claim_seconds, own.claims, network.claim_seconds, HALF_SPEED_SECONDS)
    speed = HALF_SPEED_SECONDS / (HALF_SPEED_SECONDS + seconds)
    answer = _share(own.answered, own.rang, network.answered, network.rang)
    talk = _share(own.talked, own.claims, network.talked, network.claims)
    turn = 1.0 if own.last_offer_at is None else min(1.0, max(0.0, (at - own.last_offer_at) / FULL_TURN))
    weighted = (
        (rules.speed_weight, speed), (rules.answer_weight, answer),
        (rules.talk_weight, talk), (rules.turn_weight, turn),
    )  # fmt: skip
    weights = sum(weight for weight, _ in weighted)
    total = sum(weight * part for weight, part in weighted) / weights if weights else 0.0
    return Score(total, speed, answer, talk, turn)


def in_order(scores: Sequence[tuple[UUID, Score]], *, seed: int) -> list[UUID]:
    """The agents, best first; the same for the same scores and seed, in whichever order they come."""
    return [id_ for id_, found in sorted(scores, key=lambda one: (-round(one[1].total, EQUAL), lot(one[0], seed)))]


def lot(agent_id: UUID, seed: int) -> bytes:
    """What an agent draws."""
    return hashlib.sha256(f"{seed}:{agent_id}".encode()).digest()


def _share(part: int, whole: int, network_part: int, network_whole: int) -> float:
    mean = network_part / network_whole if network_whole else 0.5
    return (part + EASED * mean) / (whole + EASED)


def _eased(own: float | None, counted: int, network: float | None, otherwise: float) -> float:
    mean = otherwise if network is None else network
    return mean if own is None else (own * counted + EASED * mean) / (counted + EASED)
