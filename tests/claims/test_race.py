"""Ten agents on the phone for each of fifty referrals, four web processes, and all press 1 at once, half of them twice.

`make race` does the same with 500, and prints how fast it was.
"""

import pytest

from devtools.race.whole import race
from devtools.servers import own_servers

pytestmark = pytest.mark.process

REFERRALS, PRESSES_EACH = 50, 15


def test_everybody_presses_1_at_once_and_each_referral_has_one_winner() -> None:
    with own_servers("dibs-race-") as servers:  # its own: the race changes what Postgres writes into its log
        raced = race(servers, REFERRALS)
    assert {check.name: check.against for check in raced.checks if check.against} == {}
    assert len(raced.sent.answers) == REFERRALS * PRESSES_EACH
    assert raced.sent.failed(200) == 0
