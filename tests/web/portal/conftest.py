import pytest

from tests.support.world.database import Database
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.web.portal.portfolio import Portfolio


@pytest.fixture
def portfolio(network: Network, product: Product, database: Database) -> Portfolio:
    return Portfolio(network, product, database)
