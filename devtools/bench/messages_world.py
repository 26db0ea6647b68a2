"""What the figures of messages need: servers, the product, providers that cost little, a team of ten, and rows."""

import base64
import json
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from devtools.postgres import Postgres
from devtools.sample import referral_to
from devtools.servers import (
    Process,
    end,
    environment,
    free_port,
    migrate,
    own_servers,
    process,
    wait_for,
    web_process,
)

REFERRALS = 100
TEAM = 10
PATIENCE_SECONDS = 120
TRANSACTIONS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"
)


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

    def calls(self) -> list[float]:
        """When the carrier was asked for each call."""
        with urllib.request.urlopen(f"{self.providers_url}/calls", timeout=10) as answer:
            found: list[float] = json.load(answer)
        return found

    def providers_take(self, ms: int) -> None:
        """How long each message takes there from now on; what was taken is forgotten."""
        urllib.request.urlopen(f"{self.providers_url}/delay/{ms}", timeout=10).close()

    def refer(self) -> float:
        """Posts the referrals as the network's software does; the moment before the first."""
        body = json.dumps(referral_to(self.team_id)).encode()
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


def until(look: Callable[[], bool], what: str, every: float = 0.02) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not look():
        if time.monotonic() > deadline:
            raise RuntimeError(f"never came: {what}")
        time.sleep(every)


@contextmanager
def held(world: MessagesWorld) -> Iterator[None]:
    """Stops the worker between two transactions, so that nobody waits for its locks."""
    until(lambda: _stops(world), "a pause of the worker")
    try:
        yield
    finally:
        world.worker.send_signal(signal.SIGCONT)


def _stops(world: MessagesWorld) -> bool:
    world.worker.send_signal(signal.SIGSTOP)
    time.sleep(0.05)  # time for its last statement to finish
    ((open_ones,),) = world.postgres.query("dibs", TRANSACTIONS)
    if open_ones == "0":
        return True
    world.worker.send_signal(signal.SIGCONT)
    return False


@contextmanager
def running() -> Iterator[MessagesWorld]:
    processes: list[Process] = []
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
                "TEXTS_PER_HOUR": "10000000",
                "PUSH_HOSTS": f"127.0.0.1:{http_port}", "VAPID_SUBJECT": "mailto:ops@dibs.example",
                "VAPID_PRIVATE_KEY": base64.urlsafe_b64encode(b"\x07" * 32).decode().rstrip("="),
            }  # fmt: skip
            migrate(env)
            os.environ.update(env)
            api_key, team_id = _team(http_port)
            worker = process(sys.executable, "worker.py", "messages", env=env)
            processes += [
                web_process(web_port, env),
                process(sys.executable, "-m", "devtools.bench.providers", str(http_port), str(smtp_port), env=env),
                worker,
                process(sys.executable, "worker.py", "voice", env=env),
            ]
            wait_for(f"http://127.0.0.1:{web_port}/healthz")
            wait_for(f"http://127.0.0.1:{http_port}/taken")
            yield MessagesWorld(servers.postgres, servers.valkey.url(), web_port, f"http://127.0.0.1:{http_port}",
                                api_key, team_id, worker)  # fmt: skip
        finally:
            for one in processes:
                end(one)


def _team(http_port: int) -> tuple[str, str]:
    """A key, and a team of ten who take push on one browser each."""
    from app import create_app
    from app.access.api_keys import make_api_key
    from app.core.clock import now
    from app.extensions import db
    from app.notifications.channels.subscriptions import Browser, subscribe
    from app.people.service import AgentDetails, add_agent, add_team

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
