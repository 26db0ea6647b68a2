"""What a page tells us of its browser's subscription to push messages, and the rows of those we know."""

from typing import Any

import psycopg
import requests

from tests.support.browser.browser import Visitor
from tests.support.browser.device import new_keys
from tests.support.world.network import AgentInTest
from tests.support.world.product import Product

ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36"
)
Rows = psycopg.Connection[Any]


def endpoint(product: Product, name: str = "sams-phone") -> str:
    return f"http://127.0.0.1:{product.sandbox_port}/push/{name}"


def subscribes(visitor: Visitor, address: str, **changed: Any) -> requests.Response:
    body = {"endpoint": address, "expirationTime": None, "keys": new_keys(), **changed}
    return visitor.send("POST", "/push/subscriptions", body, ANDROID)


def rows(connection: Rows) -> list[tuple[Any, ...]]:
    return connection.execute("SELECT endpoint, device, end_reason FROM push_subscription ORDER BY id").fetchall()


def switched_off(connection: Rows, sam: AgentInTest) -> None:
    connection.execute(
        "INSERT INTO agent_channel (agent_id, channel, off_at, off_reason) VALUES (%s, 'push', now(), 'gone')", [sam.id]
    )
