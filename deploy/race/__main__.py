"""Races for real: its own Postgres, several web processes, and as many presses at once as they can take."""

import argparse
import sys
import time

from deploy.race import lock_waits
from deploy.race.checks import Check, all_checks
from deploy.race.lock_waits import METHOD, LockWaits
from deploy.race.rows import Race, make_races
from deploy.race.running import CONNECTIONS, WEB_PROCESSES, Finished, run, web_processes
from deploy.servers import environment, free_port, migrate, own_servers

NO_CARRIER = "http://127.0.0.1:9"
"""Nobody is called or written to: no worker runs."""
SHOWN = 3


def main() -> int:
    """One race. 1 when anything is wrong after it."""
    parser = argparse.ArgumentParser(prog="python -m deploy.race", description=__doc__)
    parser.add_argument("--referrals", type=int, default=500, help="how many are raced for (500)")
    count = parser.parse_args().referrals
    with own_servers("dibs-race-") as servers:
        servers.postgres.make_database("dibs")
        url, port = servers.postgres.url("dibs"), free_port()
        env = environment(url, servers.valkey.url(), port, carrier_url=NO_CARRIER)
        migrate(env)
        began = time.perf_counter()
        races = make_races(url, count)
        _say_start(races, time.perf_counter() - began)
        servers.postgres.query("dibs", "VACUUM ANALYZE")
        with web_processes(port, env):
            lock_waits.watch(servers.postgres)
            finished = run(races, port)
        waits = lock_waits.seen(servers.postgres)
        checks = all_checks(url, races, finished.presses)
    checks.append(Check("no deadlock, and no lock waited for in vain", ["see above"] * waits.refused))
    _say_figures(finished, waits, count)
    return _say_checks(checks)


def _say_start(races: list[Race], seconds: float) -> None:
    print(
        f"{len(races):,} referrals, each offered to {len(races[0].members)} agents who are all in the menu"
        f" (made in {seconds:.0f} s).\n"
        f"All press 1, half of the callbacks come twice: {CONNECTIONS} connections, {WEB_PROCESSES} web processes.\n"
    )


def _say_figures(finished: Finished, waits: LockWaits, count: int) -> None:
    sent = finished.sent
    figures = (
        ("claims", f"{count / sent.seconds:,.0f} /s", f"{count:,} in {sent.seconds:.1f} s"),
        ("webhooks", f"{sent.per_second:,.0f} /s", f"{len(sent.answers):,}"),
        ("a webhook, median", f"{sent.median_ms:,.1f} ms", "its turn at the server included"),
        ("a webhook, p99", f"{sent.p99_ms:,.1f} ms", ""),
        ("longest wait for locks", f"{waits.longest_ms:,.1f} ms", f"of {waits.waited:,} that waited; {METHOD}"),
    )
    for what, figure, note in figures:
        print(f"{what:<26} {figure:>12}   {note}".rstrip())
    print()


def _say_checks(checks: list[Check]) -> int:
    for check in checks:
        print(f"{'WRONG' if check.against else 'ok':<6} {check.name}")
        for line in check.against[:SHOWN]:
            print(f"         {line}")
        if len(check.against) > SHOWN:
            print(f"         and {len(check.against) - SHOWN:,} more")
    return 1 if any(check.against for check in checks) else 0


if __name__ == "__main__":
    sys.exit(main())
