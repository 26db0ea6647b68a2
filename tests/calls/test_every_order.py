"""Any order of callbacks, taps, deadlines and PIN calls, with repeats, losses and delays.

`DIBS_ORDERS=2000 pytest tests/calls/test_every_order.py` looks for new ones at random; without it the same ones
are tried every time.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.world.in_process import InProcess
from tests.support.world.orders import EveryOrder

PARTS = 5
"""Of the same size, so that workers share them."""
HUNT = int(os.environ.get("DIBS_ORDERS", "0"))
STEPS = int(os.environ.get("DIBS_ORDER_STEPS", "50"))


@pytest.mark.parametrize("part", range(PARTS))
def test_every_order(in_process: InProcess, part: int) -> None:
    class Machine(EveryOrder):
        product = in_process

    run_state_machine_as_test(
        Machine if HUNT else seed(part)(Machine),
        settings=settings(
            max_examples=HUNT // PARTS or 5,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not HUNT,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            verbosity=Verbosity.normal,
            print_blob=False,
        ),
    )
