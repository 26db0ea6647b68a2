"""A ledger to ask in the middle of a test."""

from collections.abc import Iterator

import pytest

from tests.support.carrier.carrier import Carrier
from tests.support.ledger.hands import Ledger
from tests.support.world.database import Database
from tests.support.world.network import Network
from tests.support.world.product import Product


@pytest.fixture
def ledger(network: Network, product: Product, carrier: Carrier, database: Database) -> Iterator[Ledger]:
    """What it finds here is not to fail the test."""
    yield Ledger(network, product, carrier, database)
    carrier.reset()
