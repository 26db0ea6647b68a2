"""Everything a run needs: servers, the product, the yardstick, and rows to work on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from devtools.bench.carrier import InstantCarrier
from devtools.postgres import Postgres
from devtools.servers import (
    bare_process,
    end,
    environment,
    free_port,
    migrate,
    own_servers,
    process,
    wait_for,
    web_process,
)

ROWS = 1200
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
    carrier = InstantCarrier()
    processes: dict[str, subprocess.Popen[bytes]] = {}
    with own_servers("dibs-bench-") as servers:
        try:
            postgres = servers.postgres
            postgres.make_database("dibs")
            web_port, bare_port = free_port(), free_port()
            env = environment(postgres.url("dibs"), servers.valkey.url(), web_port, carrier_url=carrier.url)
            env["BARE_URL"] = f"http://127.0.0.1:{bare_port}"
            os.environ.update(env)
            migrate(env)
            opened, in_menu = _rows()
            _bare_rows(postgres)
            processes |= {
                "web": web_process(web_port, env),
                "yardstick web": bare_process(bare_port, "devtools.bench.bare:app", env),
                "voice worker": process(sys.executable, "worker.py", "voice", env=env),
                "yardstick worker": process(sys.executable, "-m", "devtools.bench.bare_job", env=env),
            }
            wait_for(f"http://127.0.0.1:{web_port}/healthz")
            wait_for(f"http://127.0.0.1:{bare_port}/nothing")
            yield World(carrier, postgres, web_port, bare_port, processes, opened, in_menu)
        finally:
            for running_one in processes.values():
                end(running_one)
            carrier.shutdown()


def _bare_rows(postgres: Postgres) -> None:
    for table in ("bare_call (offer_id uuid, at timestamptz DEFAULT now())",
                  "bare_referral AS SELECT id, claimed_at FROM referral"):  # fmt: skip
        postgres.query("dibs", f"CREATE TABLE {table}")
    postgres.query("dibs", "ALTER TABLE bare_referral ADD PRIMARY KEY (id)")


def _rows() -> tuple[list[Row], list[Row]]:
    """Half of the offers are open, half have their agent on the line."""
    from app import create_app
    from app.calls.models import Call
    from app.calls.rules import CallStatus
    from app.clients.service import NewClient
    from app.core.clock import now
    from app.core.referral_kind import ReferralKind
    from app.core.runtime import runtime
    from app.core.urls import offer_path
    from app.extensions import db
    from app.offers.service import Window
    from app.people.service import AgentDetails, add_agent
    from app.referrals.service import NewReferral
    from app.routing.intake import refer

    made = []
    with create_app().app_context():
        session = db.session()
        for n in range(ROWS):
            phone, email = f"+1512{5550000 + n}", f"a{n}@agents.example"
            details = AgentDetails(f"Agent {n}", email, phone, "America/Chicago", takes_buyers=True, takes_sellers=True)
            agent = add_agent(session, details=details, consent_source="bench", at=now())
            new = NewReferral(
                ReferralKind.SELLER, NewClient("Maria Delgado", f"+1713{5550000 + n}", "m@mail.example"),
                "Austin", "TX", "78704",
                590_000, 610_000, None, agent_id=agent.id,
            )  # fmt: skip
            offer = refer(session, new=new, window=Window(600), at=now()).offers[0]
            row = Row(offer.referral_id, offer.id, offer_path(runtime(), offer.id), offer.id, f"CA{n + 10**6:032x}")
            if n % 2:
                call = Call(offer_id=offer.id, agent_id=agent.id, attempt=1, phone=agent.phone, sid=row.sid,
                            status=CallStatus.ANSWERED, answered_at=now(), ring_deadline_at=now())  # fmt: skip
                session.add(call)
                session.flush()
                row = Row(row.referral_id, row.offer_id, row.link, call.id, row.sid)
            made.append(row)
        session.commit()
    return made[0::2], made[1::2]
