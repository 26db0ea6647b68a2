"""Sam, and what they sign in on; devices are closed when their test ends."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserType

from tests.support.browser.browser import Visitor
from tests.support.browser.chromium import FLAGS, WHOLE
from tests.support.browser.device import Device
from tests.support.browser.sign_in import signed_in
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product

HandOut = Callable[..., Device]


@pytest.fixture(scope="session")
def browser(chromium: BrowserType) -> Iterator[Browser]:
    """The whole Chromium, which shows notifications."""
    made = chromium.launch(executable_path=WHOLE, args=FLAGS)
    yield made
    made.close()


@pytest.fixture
def device(browser: Browser, product: Product, network: Network) -> Iterator[HandOut]:
    """Gives an agent a browser: `device(sam)`, `device(sam, size="desk")`."""
    made: list[Device] = []

    def hand_out(agent: AgentInTest, size: str = "phone", **how: Any) -> Device:
        made.append(Device.of(browser, product, agent, size, **how))
        return made[-1]

    yield hand_out
    for each in made:
        each.close()


@pytest.fixture
def visitor(product: Product, sam: AgentInTest) -> Visitor:
    """Sam, signed in on a browser without scripts."""
    return signed_in(product.url, sam)


@pytest.fixture
def connection(product: Product) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(product.env["DATABASE_URL"].replace("+psycopg", ""), autocommit=True) as made:
        yield made
