"""Ten agents on the phone for each of fifty referrals, four web processes, and all press 1 at once, half of them twice.

`make race` does the same with 500, and prints how fast it was.
"""

from collections.abc import Iterator

import pytest

from deploy.race import checks
from deploy.race.whole import NO_DEADLOCK, Raced, race
from deploy.servers import own_servers

REFERRALS = 50
MUST_BE_TRUE = (*checks.QUESTIONS, checks.ANSWERS, NO_DEADLOCK)
pytestmark = pytest.mark.xdist_group("race")


@pytest.fixture(scope="module")
def raced() -> Iterator[Raced]:
    """One race, on servers of its own: it changes what Postgres writes into its log."""
    with own_servers("dibs-race-") as servers:
        yield race(servers, REFERRALS)


@pytest.mark.parametrize("name", MUST_BE_TRUE)
def test_after_everybody_has_pressed_1(raced: Raced, name: str) -> None:
    (check,) = (check for check in raced.checks if check.name == name)
    assert check.against == []


def test_every_press_was_answered(raced: Raced) -> None:
    assert len(raced.sent.answers) == REFERRALS * 15
    assert raced.sent.failed(200) == 0
