"""An agent at the portal; nothing is delivered meanwhile, so that what becomes of a test is the test's to say."""

from collections.abc import Iterator

import pytest

from tests.support.browser.portal import Portal
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest
from tests.support.world.product import Product


@pytest.fixture(scope="module")
def nothing_delivered(product: Product) -> Iterator[None]:
    """Messages wait: no worker takes them, and the sweeper, which would, is away."""
    with product.without("messages", "sweeper"):
        yield


@pytest.fixture
def portal(product: Product, database: Database, sam: AgentInTest) -> Portal:
    """Sam's, signed in."""
    return Portal(product.url, database, sam).signs_in()
