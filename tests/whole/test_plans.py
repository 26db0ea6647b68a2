"""No question that the sweeper, the desk or the portal asks reads a whole table that grows.

Pages and rounds are run for real; what they ask the database is asked again for its plan, with scans of whole tables
made dear: one that is left has no index that serves it.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Connection

from app import create_app
from app.config import load_settings
from app.extensions import db
from app.workers.sweeper import Sweeper
from tests.support.browser.browser import Visitor
from tests.support.browser.portal import sign_in_link
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.software import Software

GROWING = {
    "call", "call_event", "claim", "client", "client_view", "idempotent_answer", "inbound_text", "late_claim",
    "notification", "number_change", "offer", "pin", "push_subscription", "receipt", "referral", "sign_in_link",
    "webhook_delivery", "webhook_event",
}  # fmt: skip
OF_OPEN_OFFERS = "DELETE FROM pin"
"""Reads each PIN there is: one for an open offer at most."""
NEVER_COUNTED = (
    "DELETE FROM pg_statistic",
    "UPDATE pg_class SET reltuples = -1, relpages = 0"
    " WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace",
)
"""Of a table that was never analyzed the planner assumes that it grows; of these few rows, if it has just counted them,
it reads all."""
SWEPT = 8
"""Questions that a turn of the sweeper asks at the least."""
READS = ("SELECT", "UPDATE", "DELETE", "WITH")

Asked = dict[str, Any]


@pytest.fixture
def app(product: Product) -> Iterator[Flask]:
    made = create_app(load_settings(product.env))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def listening(app: Flask) -> Iterator[Asked]:
    """Every statement that this process asks meanwhile, with its values."""
    asked: Asked = {}

    def hears(_c: Any, _k: Any, statement: str, values: Any, _x: Any, many: bool) -> None:
        if statement.lstrip().startswith(READS) and not many and not statement.startswith(OF_OPEN_OFFERS):
            asked[statement] = values

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", hears)
        yield asked
        event.remove(db.engine, "before_cursor_execute", hears)


def nodes(plan: dict[str, Any], limited: bool = False) -> Iterator[tuple[dict[str, Any], bool]]:
    """Each node of a plan, and whether a LIMIT above stops it."""
    yield plan, limited
    for child in plan.get("Plans", []):
        yield from nodes(child, limited or plan["Node Type"] == "Limit")


def faults(connection: Connection, statement: str, values: Any, partial: set[str]) -> list[str]:
    """Where this question reads a growing table from end to end."""
    (plans,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalars()
    found = []
    for node, limited in nodes((json.loads(plans) if isinstance(plans, str) else plans)[0]["Plan"]):
        kind, table, index = node["Node Type"], node.get("Relation Name"), node.get("Index Name")
        if table is not None and table not in GROWING:
            continue
        whole = "Scan" in kind and index is not None and "Index Cond" not in node and index not in partial
        stops = limited and "Filter" not in node
        if kind == "Seq Scan" or (whole and not stops):
            found.append(f"{kind} of {table or index}: {' '.join(statement.split())[:300]}")
    return found


def every_fault(app: Flask, asked: Asked) -> list[str]:
    """Of all of them."""
    with app.app_context(), db.engine.connect() as connection:
        partial = set(
            connection.exec_driver_sql(
                "SELECT indexrelid::regclass::text FROM pg_index WHERE indpred IS NOT NULL"
            ).scalars()
        )
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for forget in NEVER_COUNTED:  # rolled back with everything else
            connection.exec_driver_sql(forget)
        return [fault for each, values in asked.items() for fault in faults(connection, each, values, partial)]


@pytest.fixture
def missed(network: Network, carrier: Carrier, sam: AgentInTest) -> dict[str, Any]:
    """One referral that was offered, rung for and missed, so that every page has something to ask about."""
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().decline()
    return referral


def gets(app: Flask, path: str, sign_in_link: str) -> Asked:
    """What a page asks, looked at by whoever this link signs in."""
    client = app.test_client()
    client.post(urlsplit(sign_in_link).path, headers={"Sec-Fetch-Site": "same-origin"})
    with listening(app) as asked:
        assert client.get(path).status_code == HTTPStatus.OK
    assert asked
    return asked


@pytest.mark.parametrize(
    "path",
    ["/admin/", "/admin/?show=open", "/admin/?show=claimed", "/admin/list", "/admin/referrals/{id}",
     "/admin/referrals/{id}/timeline", "/admin/agents", "/admin/teams"],
)  # fmt: skip
def test_the_desk(app: Flask, missed: dict[str, Any], product: Product, path: str) -> None:
    link = flask(product, "admins", "create", "boss@network.example").strip()
    assert every_fault(app, gets(app, path.format(id=missed["id"]), link)) == []


def test_the_desk_of_webhooks(app: Flask, network: Network, product: Product, carrier: Carrier) -> None:
    link = flask(product, "admins", "create", "boss@network.example").strip()
    software = Software(Visitor(product.url).signs_in(link), carrier)
    network.add_team()
    software.waits_for("team.added")
    for query in ("", "?status=failed", f"?before={software.requests()[0]['id']}"):
        link = flask(product, "admins", "create", "boss@network.example").strip()
        assert every_fault(app, gets(app, software.page + query, link)) == []


@pytest.mark.parametrize("path", ["/referrals", "/referrals/list", "/channels"])
def test_the_portal(app: Flask, missed: dict[str, Any], product: Product, database: Database, path: str) -> None:
    ((agent_id,),) = database.rows("SELECT agent_id FROM offer")
    link = sign_in_link(product.url, database, agent_id)
    assert every_fault(app, gets(app, path, link)) == []


def test_a_turn_of_the_sweeper(app: Flask, missed: dict[str, Any], product: Product) -> None:
    with product.without("sweeper"), listening(app) as asked:
        sweeper = Sweeper(app)
        sweeper.turn()
        sweeper.finish()
    assert len(asked) > SWEPT
    assert every_fault(app, asked) == []
