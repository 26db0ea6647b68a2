"""Sam, whose phone can text and ring and has no data."""

import pytest

from tests.support.browser.browser import Visitor
from tests.support.carrier.hooks import Hooks
from tests.support.phone.texts import Texts
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import Network
from tests.support.world.product import Product


@pytest.fixture
def texts(database: Database, hooks: Hooks, network: Network) -> Texts:
    return Texts(database, hooks)


@pytest.fixture
def desk(product: Product, network: Network) -> Visitor:
    """An admin, signed in."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())
