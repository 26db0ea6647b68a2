"""Whoever sits before a page and waits for a message does not wait behind a burst of offers."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.core.clock import now
from app.extensions import db
from app.inbound.notices import CLIENT_CALLED
from app.notifications.channels.rules import Channel
from app.notifications.reach.notices import TEST
from app.notifications.taking import anything_due, take_due
from app.workers.messages.dispatcher import MOST_AT_ONCE
from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.browser.portal import Portal
from tests.support.carrier.carrier import Carrier
from tests.support.phone.number import NEW, types_number
from tests.support.world.database import Database
from tests.support.world.in_process import InProcess
from tests.support.world.network import Network
from tests.support.world.product import Product

MEMBERS, REFERRALS = 10, 50
TEXTS = "SELECT count(*) FROM notification WHERE channel = 'sms' AND kind = 'offer' AND status = 'queued'"
BACKLOG = """
    INSERT INTO notification (id, account_id, offer_id, kind, channel, status, attempts, due_at, created_at)
    SELECT uuidv7(), agent.account_id, offer.id, 'client_called', 'sms', 'queued', 0, %s, %s
      FROM offer JOIN agent ON agent.id = offer.agent_id, generate_series(1, 20000)
"""
A_TEST = """
    INSERT INTO notification (id, account_id, kind, channel, status, attempts, due_at, created_at)
    SELECT uuidv7(), account_id, 'test', 'sms', 'queued', 0, %s, %s FROM agent
"""


def test_a_code_a_sign_in_link_and_a_test_go_before_500_offers(
    network: Network, carrier: Carrier, database: Database, product: Product
) -> None:
    team = network.add_team()
    sam, *_ = [network.add_agent(f"Agent{n} Ortiz", team) for n in range(MEMBERS)]
    with product.held_up("messages"), product.without("sweeper"):
        referrals = [network.refer(team_id=team) for _ in range(REFERRALS)]
        assert database.rows(TEXTS) == [(MEMBERS * REFERRALS,)]
        types_number(Visitor(product.url), Page(network.link(referrals[0], sam)))
        Portal(product.url, database, sam).signs_in().visitor.post("/channels/sms/test")
        Visitor(product.url).post("/sign-in", email=sam.email)
    carrier.phone(NEW).gets_text("is your Dibs code")
    sam.phone.gets_text("Texts from Dibs reach you")
    sam.mailbox.gets_mail("sign-in link")
    state = carrier.state()
    first_texts = [m["body"] for m in state["messages"][:MOST_AT_ONCE]]
    first_mails = [m["subject"] for m in state["mails"][:MOST_AT_ONCE]]
    assert [words for words in first_texts if "is your Dibs code" in words]
    assert [words for words in first_texts if "Texts from Dibs reach you" in words]
    assert [words for words in first_mails if "sign-in link" in words]


@pytest.fixture
def backlog(in_process: InProcess) -> Iterator[InProcess]:
    """An agent, and an offer to them."""
    in_process.begin()
    in_process.refers(in_process.network(1))
    in_process.rows("DELETE FROM notification")
    yield in_process
    in_process.end()


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def most_read(session: Session, ask: Callable[[], object]) -> float:
    """The rows that the last statement of `ask` reads, or sorts, in the place where it reads the most."""
    connection, asked = session.connection(), []
    event.listen(connection, "before_cursor_execute", lambda _c, _cur, sql, values, *_: asked.append((sql, values)))
    ask()
    session.rollback()
    sql, values = asked[-1]
    (found,) = session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values).scalar_one()
    session.rollback()
    return max(n["Actual Rows"] * n["Actual Loops"] + n.get("Rows Removed by Filter", 0) for n in nodes(found["Plan"]))


@pytest.mark.parametrize("due_in", [timedelta(hours=-1), timedelta(hours=8)], ids=["all due", "quiet hours"])
def test_taking_reads_no_more_of_20000_waiting_messages_than_it_takes(backlog: InProcess, due_in: timedelta) -> None:
    backlog.rows(BACKLOG, now() + due_in, now())
    backlog.rows(A_TEST, now(), now())
    backlog.rows("ANALYZE notification")
    with backlog.app.app_context():
        session, room = db.session(), {Channel.SMS: MOST_AT_ONCE}
        kinds = [row.kind for row in take_due(session, room=room, at=now())]
        session.rollback()
        assert kinds == [TEST, *[CLIENT_CALLED] * (MOST_AT_ONCE - 1 if due_in < timedelta(0) else 0)]
        assert most_read(session, lambda: take_due(session, room=room, at=now())) <= MOST_AT_ONCE


def test_looking_whether_anything_is_due_reads_none_of_what_waits_for_the_morning(backlog: InProcess) -> None:
    backlog.rows(BACKLOG, now() + timedelta(hours=8), now())
    backlog.rows("ANALYZE notification")
    with backlog.app.app_context():
        session = db.session()
        assert not anything_due(session, at=now())
        assert most_read(session, lambda: anything_due(session, at=now())) <= 1
