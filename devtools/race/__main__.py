"""Races for real: its own Postgres, several web processes, and as many presses at once as they can take."""

import argparse
import sys
from collections.abc import Sequence

from devtools.race.checks import Check
from devtools.race.lock_waits import METHOD
from devtools.race.rows import Race
from devtools.race.running import CONNECTIONS, WEB_PROCESSES
from devtools.race.whole import Raced, race
from devtools.servers import own_servers

SHOWN = 3


def main() -> int:
    """One race. 1 when anything is wrong after it."""
    parser = argparse.ArgumentParser(prog="python -m devtools.race", description=__doc__)
    parser.add_argument("--referrals", type=int, default=500, help="how many are raced for (500)")
    count = parser.parse_args().referrals
    with own_servers("dibs-race-") as servers:
        raced = race(servers, count, say=_say_start)
    _say_figures(raced, count)
    return _say_checks(raced.checks)


def _say_start(races: Sequence[Race], seconds: float) -> None:
    print(
        f"{len(races):,} referrals, each offered to {len(races[0].members)} agents who are all in the menu"
        f" (made in {seconds:.0f} s).\n"
        f"All press 1, half of the callbacks come twice: {CONNECTIONS} connections, {WEB_PROCESSES} web processes.\n"
    )


def _say_figures(raced: Raced, count: int) -> None:
    sent, waits = raced.sent, raced.waits
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
