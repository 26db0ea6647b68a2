"""A client whom somebody has claimed, as their agent's portal shows them."""

import pytest

from tests.pipeline.client import Client
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product


@pytest.fixture
def maria(network: Network, product: Product, sam: AgentInTest) -> Client:
    """Sam has claimed Maria, and talked with her."""
    return Client(network, product, sam).claimed()
