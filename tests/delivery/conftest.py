"""Sam's browser, which takes push."""

import pytest

from tests.support.carrier import Carrier
from tests.support.database import Database
from tests.support.network import AgentInTest
from tests.support.subscriber import Subscriber, subscribed


@pytest.fixture
def browser(carrier: Carrier, database: Database, sam: AgentInTest) -> Subscriber:
    return subscribed(carrier, database, sam.id)
