"""A claim page that is open on a phone, in any state that the test puts its rows into."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser.chromium import watched
from tests.support.browser.live_panel import Watched
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.states import Stage, stage


@pytest.fixture
def on_stage(network: Network, product: Product) -> Iterator[Stage]:
    made = stage(network, product)
    yield made
    made.connection.close()


@pytest.fixture
def panel(browser: Browser, on_stage: Stage) -> Iterator[Watched]:
    """Sam's page, open on a phone."""
    made = Watched(watched(browser, "phone")[0])
    made.opens(on_stage.link)
    yield made
    made.page.context.close()
