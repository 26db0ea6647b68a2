"""Hosts whose clocks differ follow the database's."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine

from app import create_app
from app.config import load_settings
from app.core.clock import follow, now
from app.core.database.connections import set_clock
from app.extensions import db
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product


@pytest.fixture(autouse=True)
def own_clock() -> Iterator[None]:
    yield
    follow(datetime.now(UTC))


def test_what_is_less_than_a_second_is_the_way_there_and_back() -> None:
    follow(datetime.now(UTC) + timedelta(milliseconds=900))
    assert abs(now() - datetime.now(UTC)) < timedelta(milliseconds=500)


@pytest.mark.parametrize("seconds", [-30, 30])
def test_what_is_more_is_set_right(seconds: int) -> None:
    follow(datetime.now(UTC) + timedelta(seconds=seconds))
    assert abs(now() - datetime.now(UTC) - timedelta(seconds=seconds)) < timedelta(milliseconds=500)


@pytest.mark.process
@pytest.mark.parametrize("seconds", [-10, 25], ids=["slow", "fast"])
def test_a_web_host_whose_clock_is_wrong_has_the_phone_rung(
    network: Network, sam: AgentInTest, product: Product, seconds: int
) -> None:
    _, page = network.offered(sam)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds)):
        app = create_app(load_settings(product.env))
        set_clock(app)  # as wsgi.py and worker.py do
        path, here = urlsplit(page.link).path, {"Sec-Fetch-Site": "same-origin"}
        assert app.test_client().post(f"{path}/call", headers=here).status_code == 303
    sam.phone.rings().answer().press("1").hears("It's yours")
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
