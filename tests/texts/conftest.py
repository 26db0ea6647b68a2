"""Sam, whose phone can text and ring and has no data."""

import pytest

from tests.conftest import flask
from tests.support.browser import Visitor
from tests.support.database import Database
from tests.support.hooks import Hooks
from tests.support.network import Network
from tests.support.product import Product
from tests.support.texts import Texts


@pytest.fixture
def texts(database: Database, hooks: Hooks, network: Network) -> Texts:
    return Texts(database, hooks)


@pytest.fixture
def desk(product: Product, network: Network) -> Visitor:
    """An admin, signed in."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())
