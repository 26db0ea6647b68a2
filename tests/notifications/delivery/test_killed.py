"""A worker killed at any instruction loses nothing: counted at the provider, not with us."""

import signal
import subprocess
import sys
from collections.abc import Callable, Sized
from tempfile import TemporaryFile

import pytest

from app.core.queue.jobs import Job
from app.core.queue.queues import JobQueue
from deploy.processes import ROOT
from tests.support.browser.subscriber import Subscriber
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.hooks import Hooks
from tests.support.world.database import Database
from tests.support.world.dying_worker import POINTS
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

TAKEN_BY_THE_PROVIDER = POINTS[2:]
Killed = Callable[[str, str, Callable[[], Sized]], None]
UNSETTLED = "SELECT channel, status FROM notification WHERE status IN ('queued', 'sending')"


def dies(product: Product, point: str, channel: str) -> None:
    """A worker that has our messages to send is killed at this point.

    The sweeper is away: we wake the worker as it would, since the one before may have died with the job in its hands.
    """
    command = [sys.executable, "-m", "tests.support.world.dying_worker", point, channel]
    queue = JobQueue(product.env["REDIS_URL"])
    with TemporaryFile() as errors:
        worker = subprocess.Popen(command, cwd=ROOT, env=product.env, stdout=subprocess.DEVNULL, stderr=errors)

        def dead() -> bool:
            queue.wake(Job.DELIVER)
            return worker.poll() is not None

        try:
            eventually(dead, f"the worker's end at {point}", patience=40)
        finally:
            worker.kill()
        errors.seek(0)
        assert worker.wait() == -signal.SIGKILL, errors.read().decode()[-2000:]


@pytest.fixture
def killed_at(network: Network, database: Database, product: Product, sam: AgentInTest) -> Killed:
    """A referral to Sam whose message on this channel kills its worker at this point; another takes over from it.

    `arrived` is looked at between the two: one message, if the provider had taken it.
    """

    def kill(point: str, channel: str, arrived: Callable[[], Sized]) -> None:
        with product.without("messages", "sweeper"):
            network.refer(agent_id=sam.id)
            dies(product, point, channel)
            assert len(arrived()) == (point in TAKEN_BY_THE_PROVIDER)
            database.time_passes(seconds=61)
        eventually(lambda: database.rows(UNSETTLED) == [], "an end of every message")

    return kill


@pytest.mark.parametrize("point", POINTS)
def test_a_text_is_sent_once(killed_at: Killed, database: Database, sam: AgentInTest, point: str) -> None:
    killed_at(point, "sms", sam.phone.texts)
    assert len(sam.phone.texts()) == 1
    assert database.rows("SELECT status FROM notification WHERE channel = 'sms'") in ([("sent",)], [("delivered",)])


@pytest.mark.parametrize("point", POINTS)
def test_a_mail_arrives_and_a_repeat_is_the_same_mail(
    killed_at: Killed, carrier: Carrier, database: Database, sam: AgentInTest, point: str
) -> None:
    killed_at(point, "email", sam.mailbox.mails)
    mails = [mail for mail in carrier.state()["mails"] if sam.email in mail["to"]]
    assert len(mails) == 1 + (point in TAKEN_BY_THE_PROVIDER)
    assert len({dict(mail["headers"])["Message-ID"] for mail in mails}) == 1
    assert database.rows("SELECT status FROM notification WHERE channel = 'email'") == [("sent",)]


@pytest.mark.parametrize("point", POINTS)
def test_a_push_arrives_and_a_repeat_replaces_the_first(
    killed_at: Killed, carrier: Carrier, browser: Subscriber, point: str
) -> None:
    killed_at(point, "push", browser.pushes)
    assert len({push.topic for push in browser.pushes()}) == 1
    shown = [push for push in carrier.state()["pushes"] if not push["replaced"]]
    assert len(shown) == 1


def test_a_text_whose_answer_was_lost_is_looked_up_and_not_sent_again(
    network: Network, carrier: Carrier, database: Database
) -> None:
    sam = network.add_agent()
    carrier.behaves(vanish=1, lose=["receipt"])
    network.refer(agent_id=sam.id)
    sam.phone.gets_text()
    assert database.rows("SELECT status FROM notification WHERE channel = 'sms'") == [("sending",)]
    database.time_passes(seconds=31)
    found = "SELECT status FROM notification WHERE channel = 'sms'"
    eventually(lambda: database.rows(found) == [("delivered",)], "found, as the carrier has it by now")
    assert len(sam.phone.texts()) == 1


def test_a_text_the_carrier_does_not_list_is_not_sent_again_before_we_can_be_sure(
    network: Network, carrier: Carrier, database: Database, product: Product
) -> None:
    sam = network.add_agent()
    with product.without("messages", "sweeper"):
        network.refer(agent_id=sam.id)
        dies(product, "after_taking", "sms")
        database.time_passes(seconds=31)
    looked = eventually(lambda: carrier.requests("GET", "/Messages.json"), "a look at the carrier's list")
    assert looked
    assert sam.phone.texts() == []
    database.time_passes(seconds=30)
    sam.phone.gets_text()
    assert len(sam.phone.texts()) == 1


def test_a_text_the_carrier_has_told_of_is_known_and_not_sent_again(
    network: Network, carrier: Carrier, database: Database, product: Product, hooks: Hooks
) -> None:
    sam = network.add_agent()
    carrier.behaves(lose=["receipt"])
    with product.without("messages", "sweeper"):
        network.refer(agent_id=sam.id)
        dies(product, "after_the_provider_took_it", "sms")
        ((id_,),) = database.rows("SELECT id FROM notification WHERE channel = 'sms'")
        told = {"MessageSid": sam.phone.gets_text().raw["sid"], "MessageStatus": "queued", "To": sam.phone.number}
        assert hooks.post(f"messages/{id_}?attempt=1", **told).ok
        assert database.rows("SELECT status FROM notification WHERE channel = 'sms'") == [("sent",)]
        database.time_passes(seconds=61)
    eventually(lambda: database.rows(UNSETTLED) == [], "an end of every message")
    assert len(sam.phone.texts()) == 1
