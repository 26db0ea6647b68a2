"""Figures of messages: 100 referrals to a team of 10 on three channels, and a tap while 10,000 wait."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from redis import Redis
from rq import Queue

from deploy.postgres import Postgres
from deploy.servers import Process, end, environment, free_port, migrate, own_servers, process, wait_for, web_process

REFERRALS = 100
TEAM = 10
MESSAGES = REFERRALS * TEAM * 3
NO_OPS = 3000
PATIENCE_SECONDS = 120
NOTIFY_PER_SECOND = 218
"""GOV.UK Notify (alphagov/notifications-api): one process, SMS to a loopback stub, on a machine like this one."""


@dataclass(frozen=True)
class MessagesWorld:
    """What is running, and where."""

    postgres: Postgres
    redis_url: str
    web_port: int
    providers_url: str
    api_key: str
    team_id: str
    worker: Process

    def taken(self) -> dict[str, Any]:
        """What the providers have taken, and how many receipts were answered."""
        with urllib.request.urlopen(f"{self.providers_url}/taken", timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def providers_take(self, ms: int) -> None:
        """How long each message takes there from now on; what was taken is forgotten."""
        urllib.request.urlopen(f"{self.providers_url}/delay/{ms}", timeout=10).close()

    def refer(self) -> float:
        """Posts the referrals as the network's software does; the moment before the first."""
        body = json.dumps(_referral(self.team_id)).encode()
        headers = {"Authorization": f"Bearer {self.api_key}", "Content-Type": "application/json"}
        began = time.monotonic()
        for _ in range(REFERRALS):
            url = f"http://127.0.0.1:{self.web_port}/api/v1/referrals"
            urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=30).close()
        return began

    def unsettled(self) -> int:
        """Messages that are not yet written down as sent, or not yet receipted."""
        ((count,),) = self.postgres.query(
            "dibs",
            "SELECT count(*) FROM notification WHERE kind = 'offer' AND status <> 'delivered'"
            " AND NOT (status = 'sent' AND channel <> 'sms')",
        )
        return int(count)

    def forget(self) -> None:
        """No messages, and no referrals."""
        self.postgres.query(
            "dibs",
            "TRUNCATE notification, receipt, call, call_event, pin, offer, client_view, referral, client CASCADE",
        )


def print_messages() -> None:
    """One run of them all."""
    with _running() as world:
        no_op = _no_ops(world)
        for ms, goal in ((0, f"{0.8 * no_op:,.0f} (0.8 of a no-op)"), (100, "200")):
            rate = _deliveries(world, ms)
            ratio = f"{rate / no_op:5.2f}x of a no-op"
            print(f"{f'deliveries, provider takes {ms} ms':<34} {rate:>14,.0f} /s {ratio:>20}   goal {goal} or more")
        print(f"{'RQ, jobs that do nothing':<34} {no_op:>14,.0f} /s")
        print(f"{'GOV.UK Notify, deliver (FACTS)':<34} {NOTIFY_PER_SECOND:>14,.0f} /s")
        _live(world)


def _no_ops(world: MessagesWorld) -> float:
    """RQ's own jobs per second with the same worker, which is stopped while they are put there."""
    redis = Redis.from_url(world.redis_url)
    queue = Queue("messages", connection=redis)
    with _held(world.worker):
        queue.enqueue_many([Queue.prepare_data("deploy.bench.bare_job.nothing", result_ttl=0) for _ in range(NO_OPS)])
    began = time.monotonic()
    _until(lambda: queue.count == 0, "the no-ops")
    return NO_OPS / (time.monotonic() - began)


def _deliveries(world: MessagesWorld, ms: int) -> float:
    """From the moment the worker may, until each row has been taken, sent, written and receipted."""
    world.forget()
    world.providers_take(ms)
    with _held(world.worker):
        world.refer()
    began = time.monotonic()
    _until(lambda: sum(map(len, world.taken()["taken"].values())) >= MESSAGES, "the messages", every=0.2)
    handed: float = max(max(moments) for moments in world.taken()["taken"].values()) - began
    _until(lambda: world.unsettled() == 0, "the receipts", every=0.2)
    print(f"    all written and receipted after {time.monotonic() - began:.1f} s")
    return MESSAGES / handed


def _live(world: MessagesWorld) -> None:
    """The time to the first and to the last message, while the referrals are being posted."""
    world.forget()
    world.providers_take(100)
    began = world.refer()
    posted = time.monotonic() - began
    _until(lambda: sum(map(len, world.taken()["taken"].values())) >= MESSAGES, "the messages", every=0.2)
    moments = sorted(moment for each in world.taken()["taken"].values() for moment in each)
    first, last = (moments[0] - began) * 1000, moments[-1] - began
    print(f"{'first message after its referral':<34} {first:>14,.0f} ms")
    print(f"{f'last of {MESSAGES:,}, as they are posted':<34} {last:>14.1f} s   (the posting took {posted:.1f} s)")


def _until(look: Any, what: str, every: float = 0.02) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not look():
        if time.monotonic() > deadline:
            raise RuntimeError(f"never came: {what}")
        time.sleep(every)


@contextmanager
def _held(worker: Process) -> Iterator[None]:
    """The worker stands still meanwhile."""
    worker.send_signal(signal.SIGSTOP)
    yield
    worker.send_signal(signal.SIGCONT)


@contextmanager
def _running() -> Iterator[MessagesWorld]:
    running: list[subprocess.Popen[bytes]] = []
    with own_servers("dibs-bench-") as servers:
        try:
            servers.postgres.make_database("dibs")
            web_port, http_port, smtp_port = free_port(), free_port(), free_port()
            env = environment(
                servers.postgres.url("dibs"),
                servers.valkey.url(),
                web_port,
                carrier_url=f"http://127.0.0.1:{http_port}",
            )
            env |= {
                "MAIL_URL": f"smtp://127.0.0.1:{smtp_port}", "TEXTS_PER_SECOND": "1000",
                "PUSH_HOSTS": f"127.0.0.1:{http_port}", "VAPID_SUBJECT": "mailto:ops@dibs.example",
                "VAPID_PRIVATE_KEY": base64.urlsafe_b64encode(b"\x07" * 32).decode().rstrip("="),
            }  # fmt: skip
            migrate(env)
            os.environ.update(env)
            api_key, team_id = _team(http_port)
            worker = process(sys.executable, "worker.py", "messages", env=env)
            running += [
                web_process(web_port, "wsgi:app", env),
                process(sys.executable, "-m", "deploy.bench.providers", str(http_port), str(smtp_port), env=env),
                worker,
            ]
            wait_for(f"http://127.0.0.1:{web_port}/healthz")
            wait_for(f"http://127.0.0.1:{http_port}/taken")
            yield MessagesWorld(servers.postgres, servers.valkey.url(), web_port, f"http://127.0.0.1:{http_port}",
                                api_key, team_id, worker)  # fmt: skip
        finally:
            for one in running:
                end(one)


def _team(http_port: int) -> tuple[str, str]:
    """A key, and a team of ten who take push on one browser each."""
    from app import create_app
    from app.core.clock import now
    from app.extensions import db
    from app.notify.subscriptions import Browser, subscribe
    from app.people.service import AgentDetails, add_agent, add_team
    from app.people.signin import make_api_key

    with create_app().app_context():
        session = db.session()
        team = add_team(session, name="Bench")
        for n in range(TEAM):
            details = AgentDetails(
                f"Agent {n}", f"a{n}@agents.example", f"+1512555{1000 + n}", "America/Chicago", takes_buyers=True,
                takes_sellers=True, team_id=team.id,
            )  # fmt: skip
            agent = add_agent(session, details=details, consent_source="bench", at=now())
            browser = Browser(f"http://127.0.0.1:{http_port}/push/{n}", _point(), "AAAAAAAAAAAAAAAAAAAAAA", "Bench")
            subscribe(session, account_id=agent.account_id, browser=browser, at=now())
        key = make_api_key(session, name="bench")
        session.commit()
        return key, str(team.id)


def _point() -> str:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _referral(team_id: str) -> dict[str, Any]:
    return {
        "kind": "seller",
        "client": {"name": "Maria Delgado", "phone": "(512) 555-7001", "email": "maria@mail.example"},
        "area": {"city": "Austin", "state": "TX", "zip": "78704"},
        "price": {"min": 590_000, "max": 610_000},
        "team_id": team_id,
    }
