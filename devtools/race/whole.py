"""A whole race: rows, web processes, presses, and what must be true afterwards."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devtools.load import Sent
from devtools.race import lock_waits
from devtools.race.checks import Check, all_checks
from devtools.race.lock_waits import LockWaits
from devtools.race.rows import Race, make_races
from devtools.race.running import run, web_processes
from devtools.servers import Servers, environment, free_port, migrate

DATABASE = "race"
NO_CARRIER = "http://127.0.0.1:9"
"""Nobody is called or written to: no worker runs."""
NO_DEADLOCK = "no deadlock, and no lock waited for in vain"


@dataclass(frozen=True)
class Raced:
    """What came of it."""

    checks: list[Check]
    sent: Sent
    waits: LockWaits


def race(servers: Servers, count: int, *, say: Callable[[Sequence[Race], float], None] | None = None) -> Raced:
    """Races for `count` referrals in a database of its own; `say` hears of the rows, and how long making them took."""
    servers.postgres.make_database(DATABASE)
    url, port = servers.postgres.url(DATABASE), free_port()
    env = environment(url, servers.valkey.url(), port, carrier_url=NO_CARRIER)
    migrate(env)
    began = time.perf_counter()
    races = make_races(url, count)
    if say is not None:
        say(races, time.perf_counter() - began)
    servers.postgres.query(DATABASE, "VACUUM ANALYZE")
    with web_processes(port, env):
        lock_waits.watch(servers.postgres)
        finished = run(races, port)
    waits = lock_waits.seen(servers.postgres)
    checks = [*all_checks(url, races, finished.presses), Check(NO_DEADLOCK, ["see Postgres's log"] * waits.refused)]
    return Raced(checks, finished.sent, waits)
