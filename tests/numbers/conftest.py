"""An offer to Sam, whoever has its link, and the phone Sam would rather be called on."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import redis

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.phone.number import NEW, wait_for_messages
from tests.support.phone.phone import Phone
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product


@pytest.fixture
def connection(product: Product) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(product.env["DATABASE_URL"].replace("+psycopg", ""), autocommit=True) as made:
        yield made


@pytest.fixture(autouse=True)
def nothing_from_before(product: Product, network: Network, connection: psycopg.Connection[Any]) -> Iterator[None]:
    """All tests come from one address, and type one number: no limit and no late text of one goes into the next."""
    with redis.from_url(product.env["REDIS_URL"]) as limits:
        for key in limits.scan_iter("*LIMITER*"):
            limits.delete(key)
    yield
    wait_for_messages(connection)


@pytest.fixture
def page(network: Network, sam: AgentInTest) -> Page:
    """The claim page of an offer to Sam."""
    network.refer(agent_id=sam.id)
    return Page(sam.phone.gets_text().link)


@pytest.fixture
def new_phone(carrier: Carrier) -> Phone:
    return carrier.phone(NEW)


@pytest.fixture
def visitor(product: Product) -> Visitor:
    """Whoever has the link, not signed in."""
    return Visitor(product.url)
