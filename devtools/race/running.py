"""Everybody presses 1 at once, and some of the carrier's callbacks come twice."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from devtools.load import Answer, Sent, SignedWebhooks, send
from devtools.race.rows import Member, Race
from devtools.servers import AUTH_TOKEN, end, wait_for, web_process

WEB_PROCESSES = 4
CONNECTIONS = 64
"""More than the web processes have threads (4 x 8), so that all of these are busy all the time."""
REPEATED_SHARE = 2
"""One callback in so many comes twice."""


@dataclass(frozen=True)
class Press:
    """One key 1, and what the carrier was told to say and do."""

    race: Race
    member: Member
    answer: Answer


@dataclass(frozen=True)
class Finished:
    """All presses, and the load as a whole."""

    presses: list[Press]
    sent: Sent


@contextmanager
def web_processes(port: int, env: Mapping[str, str]) -> Iterator[None]:
    """The product's web server, as many processes as race against each other."""
    web = web_process(port, env, workers=WEB_PROCESSES)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield
    finally:
        end(web)


def run(races: Sequence[Race], port: int) -> Finished:
    """Sends every member's key 1, each referral's in a heap and in random order, half of them twice.

    The same each time it runs, but for who wins.
    """
    dice = Random(1)
    carrier = SignedWebhooks(AUTH_TOKEN, f"http://127.0.0.1:{port}")
    presses = [(race, member) for race in races for member in _heap(race, dice)]
    sent = send(port, [_key(carrier, member) for _, member in presses], threads=CONNECTIONS)
    made = [Press(race, member, answer) for (race, member), answer in zip(presses, sent.answers, strict=True)]
    return Finished(made, sent)


def _heap(race: Race, dice: Random) -> list[Member]:
    twice = dice.sample(race.members, len(race.members) // REPEATED_SHARE)
    heap = [*race.members, *twice]
    dice.shuffle(heap)
    return heap


def _key(carrier: SignedWebhooks, member: Member) -> bytes:
    return carrier.key(f"/hooks/twilio/calls/{member.call_id}/key", sid=member.sid, agent=member.phone)
