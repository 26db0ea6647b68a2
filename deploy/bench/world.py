"""Everything a run needs: servers, the product, the yardstick, and rows to work on."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.error import URLError
from uuid import UUID

from deploy.bench.carrier import InstantCarrier
from deploy.postgres import Postgres, short_folder
from deploy.processes import BIN, ROOT
from deploy.valkey import Valkey

TOKEN = "bench-auth-token"
ROWS = 600
"""Agents, each with a referral of their own."""


@dataclass(frozen=True)
class Row:
    """One agent's referral, offer, link, and a call that waits for the key."""

    referral_id: UUID
    offer_id: UUID
    link: str
    call_id: UUID
    sid: str


@dataclass(frozen=True)
class World:
    """What is running, and where."""

    carrier: InstantCarrier
    postgres: Postgres
    web_port: int
    bare_port: int
    processes: dict[str, subprocess.Popen[bytes]]
    open: list[Row]
    """Offers nobody was called for yet."""
    in_menu: list[Row]
    """Offers whose agent is on the line."""


@contextmanager
def running() -> Iterator[World]:
    """Starts it all, and leaves nothing behind."""
    folder = short_folder("dibs-bench-")
    postgres, valkey = Postgres(folder / "pg", folder), Valkey(folder / "valkey", folder)
    carrier = InstantCarrier()
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        postgres.start()
        valkey.start()
        postgres.make_database("dibs")
        web_port, bare_port = _free_port(), _free_port()
        os.environ.update(_environment(postgres, valkey, carrier, web_port, bare_port))
        subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"], cwd=ROOT, check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        opened, in_menu = _rows()
        for table in ("bare_call (offer_id uuid, at timestamptz DEFAULT now())",
                      "bare_referral AS SELECT id, claimed_at FROM referral"):  # fmt: skip
            postgres.query("dibs", f"CREATE TABLE {table}")
        postgres.query("dibs", "ALTER TABLE bare_referral ADD PRIMARY KEY (id)")
        processes |= {
            "web": _server(web_port, "wsgi:app"),
            "yardstick web": _server(bare_port, "deploy.bench.bare:app"),
            "voice worker": _process(sys.executable, "worker.py", "voice"),
            "yardstick worker": _process(sys.executable, "-m", "deploy.bench.bare_job"),
        }
        _wait(f"http://127.0.0.1:{web_port}/healthz")
        _wait(f"http://127.0.0.1:{bare_port}/nothing")
        yield World(carrier, postgres, web_port, bare_port, processes, opened, in_menu)
    finally:
        for process in processes.values():
            process.terminate()
            process.wait(15)
        carrier.shutdown()
        valkey.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _environment(
    postgres: Postgres, valkey: Valkey, carrier: InstantCarrier, web_port: int, bare_port: int
) -> dict[str, str]:
    return {
        "DIBS_ENV": "development",
        "DATABASE_URL": postgres.url("dibs"),
        "REDIS_URL": valkey.url(),
        "PUBLIC_URL": f"http://127.0.0.1:{web_port}",
        "BARE_URL": f"http://127.0.0.1:{bare_port}",
        "TWILIO_API_URL": carrier.url,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "CLIENT_HOURS": "0-24",
    }


def _server(port: int, app: str) -> subprocess.Popen[bytes]:
    return _process(
        str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", "4", "--no-access-log", "--log-level", "error", app,
    )  # fmt: skip


def _process(*command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)


def _rows() -> tuple[list[Row], list[Row]]:
    """Half of the offers are open, half have their agent on the line."""
    from app import create_app
    from app.calls.models import Call
    from app.calls.rules import CallStatus
    from app.core.clock import now
    from app.core.ground import ground
    from app.core.kinds import ReferralKind
    from app.extensions import db
    from app.flows.addresses import offer_path
    from app.flows.refer import refer
    from app.offers.service import Window
    from app.people.service import AgentDetails, add_agent
    from app.referrals.service import NewReferral

    made = []
    with create_app().app_context():
        session = db.session()
        for n in range(ROWS):
            phone, email = f"+1512{5550000 + n}", f"a{n}@agents.example"
            details = AgentDetails(f"Agent {n}", email, phone, "America/Chicago", takes_buyers=True, takes_sellers=True)
            agent = add_agent(session, details=details, consent_source="bench", at=now())
            new = NewReferral(
                ReferralKind.SELLER, "Maria Delgado", f"+1713{5550000 + n}", "m@mail.example", "Austin", "TX", "78704",
                "America/Chicago", 590_000, 610_000, None, agent_id=agent.id,
            )  # fmt: skip
            offer = refer(session, new=new, window=Window(600), at=now()).offers[0]
            row = Row(offer.referral_id, offer.id, offer_path(ground(), offer.id), offer.id, f"CA{n + 10**6:032x}")
            if n % 2:
                call = Call(offer_id=offer.id, agent_id=agent.id, attempt=1, phone=agent.phone, sid=row.sid,
                            status=CallStatus.ANSWERED, answered_at=now(), ring_deadline_at=now())  # fmt: skip
                session.add(call)
                session.flush()
                row = Row(row.referral_id, row.offer_id, row.link, call.id, row.sid)
            made.append(row)
        session.commit()
    return made[0::2], made[1::2]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except (URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"{url} does not answer")
