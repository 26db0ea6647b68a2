"""The network's software with an endpoint, and the admin who set it up."""

import pytest

from tests.support.browser.browser import Visitor
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.software import Software

BOSS = "boss@network.example"


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    """An admin, signed in."""
    return admin_of(product)


@pytest.fixture
def software(admin: Visitor, carrier: Carrier) -> Software:
    """An endpoint that is told of everything."""
    return Software(admin, carrier)


def admin_of(product: Product) -> Visitor:
    """The admin, signed in anew."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", BOSS).strip())
