"""What happens to one agent's channels at the same moment is decided one after the other, and by nobody for ever."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.orm import Session

from app.clients.gate import gate_of
from app.core.clock import now
from app.core.runtime import runtime
from app.extensions import db
from app.inbound.opt_out import apply_deferred, deferred_texts
from app.notifications.channels.subscriptions import Browser
from app.notifications.reach.browsers import keep_browser
from app.notifications.reach.contact_change import take_phone
from app.notifications.reach.death import channel_died
from app.people.models import Agent
from tests.support.browser.portal import Portal
from tests.support.carrier.hooks import Hooks
from tests.support.phone.texts import Texts
from tests.support.world.beside import both
from tests.support.world.channels import TeamInTest
from tests.support.world.database import Database
from tests.support.world.in_process import NOON, InProcess
from tests.support.world.network import AgentInTest
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

STATE = "SELECT off_reason FROM agent_channel WHERE channel = %s AND off_at IS NOT NULL"
MESSAGE = "SELECT id FROM notification WHERE channel = %s AND status = 'queued' ORDER BY id"
KEEP_TEXT = """
    INSERT INTO inbound_text (id, sid, phone, body, meaning, received_at, put_off)
    VALUES (uuidv7(), %s, '+15125551000', %s, %s, %s, %s)
"""
NEW_PHONE = "+15125559000"


@pytest.fixture
def team(in_process: InProcess) -> Iterator[TeamInTest]:
    in_process.begin(NOON)
    yield TeamInTest(in_process, 1)
    in_process.end()


@pytest.fixture
def texts(database: Database, hooks: Hooks) -> Texts:
    return Texts(database, hooks)


def gone(message_id: UUID, address: str = "", why: str = "gone") -> Callable[[Session], None]:
    """The provider says of this message that what it went to is dead."""
    return lambda session: channel_died(
        session, notification_id=message_id, address=address, why=why, code="410", at=now()
    )


def messages(team: TeamInTest, channel: str) -> list[UUID]:
    return [row["id"] for row in team.product.rows(MESSAGE, channel)]


def off(team: TeamInTest, channel: str) -> list[str]:
    return [row["off_reason"] for row in team.product.rows(STATE, channel)]


def test_the_last_two_browsers_die_at_once_and_push_is_off(team: TeamInTest) -> None:
    team.turns_push_on(0, "Chrome on Android")
    team.turns_push_on(0, "Safari on Mac")
    team.is_offered()
    first, second = messages(team, "push")
    both(team.product, gone(first), gone(second))
    assert off(team, "push") == ["gone"]


def test_the_last_browser_dies_while_another_is_turned_on_and_push_is_on(team: TeamInTest) -> None:
    team.turns_push_on(0, "Chrome on Android")
    team.is_offered()
    (message,) = messages(team, "push")
    browser = Browser("https://push.example/0/new", "p256dh", "auth", "Safari on Mac")
    both(
        team.product,
        gone(message),
        lambda session: keep_browser(session, agent=session.get_one(Agent, team.agents[0]), browser=browser, at=now()),
    )
    assert off(team, "push") == []


def test_what_is_said_of_a_number_that_is_being_changed_says_nothing_of_the_new_one(team: TeamInTest) -> None:
    team.is_offered()
    (message,) = messages(team, "sms")
    both(
        team.product,
        lambda session: take_phone(session, agent=session.get_one(Agent, team.agents[0]), phone=NEW_PHONE),
        gone(message, "+15125551000", "landline"),
    )
    assert off(team, "sms") == []


def hear_all(team: TeamInTest) -> None:
    """A turn of the sweeper's."""
    with team.product.app.app_context():
        for id_ in deferred_texts(db.session()):
            apply_deferred(db.session(), text_id=id_, keys=gate_of(runtime().settings).keys)
            db.session.commit()
        assert deferred_texts(db.session()) == []


def test_a_stop_that_was_put_off_is_done_unless_a_start_has_come_since(team: TeamInTest) -> None:
    team.product.rows(KEEP_TEXT, "SM1", "STOP", "stop", NOON, True)
    hear_all(team)
    assert off(team, "sms") == ["stopped"]
    team.product.rows("UPDATE agent_channel SET off_at = NULL, off_reason = NULL")
    team.product.rows(KEEP_TEXT, "SM2", "STOP", "stop", NOON + timedelta(seconds=1), True)
    team.product.rows(KEEP_TEXT, "SM3", "START", "start", NOON + timedelta(seconds=2), False)
    hear_all(team)
    assert off(team, "sms") == []


def test_of_a_stop_and_a_start_that_were_put_off_the_last_word_stands(team: TeamInTest) -> None:
    team.product.rows(KEEP_TEXT, "SM1", "START", "start", NOON + timedelta(seconds=1), True)
    team.product.rows(KEEP_TEXT, "SM2", "STOP", "stop", NOON, True)
    hear_all(team)
    assert off(team, "sms") == []


@contextmanager
def held(product: Product, statement: str, *values: object) -> Iterator[psycopg.Connection[object]]:
    """Somebody has locked these rows."""
    with psycopg.connect(product.env["DATABASE_URL"].replace("+psycopg", "")) as connection:
        connection.execute(statement.encode(), values)
        yield connection  # type: ignore[misc]


def waiters(database: Database, count: int) -> None:
    eventually(lambda: database.rows("SELECT 1 FROM pg_locks WHERE NOT granted HAVING count(*) >= %s", count), "them")


def test_start_and_a_change_of_preferences_do_not_wait_for_each_other(
    product: Product, database: Database, texts: Texts, sam: AgentInTest, portal: Portal
) -> None:
    texts.brought(sam.phone, "STOP")
    database.rows("UPDATE agent SET sms_consent_at = NULL, sms_consent_source = NULL RETURNING 1")
    answers: list[int] = []
    start = threading.Thread(target=lambda: answers.append(texts.brought(sam.phone, "START").status_code))
    wish = threading.Thread(
        target=lambda: answers.append(portal.visitor.post("/channels/sms/preference", wanted="yes").status_code)
    )
    with held(product, "SELECT 1 FROM agent_channel FOR NO KEY UPDATE"):
        start.start()
        waiters(database, 1)
        wish.start()
        waiters(database, 2)
    for thread in (start, wish):
        thread.join()
    assert answers == [200, 200]
    assert portal.state("sms") == (True, None)
    assert database.rows("SELECT sms_consent_source FROM agent") == [("text START",)]


@pytest.mark.parametrize("word", ["STOP", "START"])
def test_a_stop_or_start_for_which_nobody_had_time_is_done_as_soon_as_somebody_has(
    product: Product, database: Database, texts: Texts, sam: AgentInTest, word: str
) -> None:
    texts.brought(sam.phone, "START" if word == "STOP" else "STOP")
    with held(product, "SELECT 1 FROM agent FOR UPDATE"):
        answer = texts.brought(sam.phone, word)
        assert "<Response />" in answer.text  # the carrier has answered it already
        assert texts.kept()[-1].meaning == word.lower()
        assert database.rows("SELECT put_off FROM inbound_text ORDER BY id") == [(False,), (True,)]
    eventually(lambda: database.rows("SELECT 1 FROM inbound_text HAVING NOT bool_or(put_off)"), "nothing put off")
    assert database.rows(STATE, "sms") == ([("stopped",)] if word == "STOP" else [])
    assert str(texts.kept()[-1].agent_id) == sam.id
