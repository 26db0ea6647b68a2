"""`GET /events`: what happened, for software that catches up."""

import pytest

from tests.support.browser.browser import Visitor
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import Network, wrong_fields
from tests.support.world.product import Product
from tests.support.world.software import Software


@pytest.fixture
def software(product: Product, network: Network, carrier: Carrier) -> Software:
    """An endpoint: events are kept from its first on."""
    link = flask(product, "admins", "create", "boss@network.example").strip()
    return Software(Visitor(product.url).signs_in(link), carrier)


def test_events_are_read_page_by_page_as_they_were_told(
    network: Network, software: Software, database: Database
) -> None:
    for _ in range(3):
        network.add_team()
    software.waits_for_requests(3)
    assert network.get("/events").json() == {
        "events": [],
        "has_more": False,
    }  # what is about to commit may come between
    database.time_passes(seconds=11)
    first = network.get("/events?limit=2").json()
    assert first["has_more"] is True
    rest = network.get(f"/events?after={first['events'][-1]['id']}").json()
    assert rest["has_more"] is False
    read = [*first["events"], *rest["events"]]
    assert [(one["id"], one["type"], one["data"]) for one in read] == [
        (one["id"], one["type"], one["data"]) for one in software.told()
    ]


@pytest.mark.parametrize(
    ("query", "field"), [("after=x", "after"), ("limit=0", "limit"), ("limit=501", "limit"), ("since=1", "since")]
)
def test_what_cannot_be_asked_is_refused_by_its_name(network: Network, query: str, field: str) -> None:
    answer = network.get(f"/events?{query}")
    assert answer.status_code == 422
    assert wrong_fields(answer) == [field]
