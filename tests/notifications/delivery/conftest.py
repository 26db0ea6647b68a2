"""Sam's browser, which takes push."""

import pytest

from tests.support.browser.subscriber import Subscriber, subscribed
from tests.support.carrier.carrier import Carrier
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest


@pytest.fixture
def browser(carrier: Carrier, database: Database, sam: AgentInTest) -> Subscriber:
    return subscribed(carrier, database, sam.id)
