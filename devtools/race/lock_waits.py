"""How long somebody waited for a row lock, from Postgres's own log.

With log_lock_waits a wait that lasts longer than deadlock_timeout is written down when it ends, with its length. One
claim may wait several times, for its turn and then for the holder: the waits of one transaction are added up.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from devtools.postgres import Postgres

SHORTEST_MS = 1
METHOD = f"Postgres log_lock_waits, deadlock_timeout={SHORTEST_MS}ms: the waits of one transaction, added up"
_ENDED = re.compile(r"^race=(\S+ \S+) LOG: +process \d+ acquired \w+ on .* after ([\d.]+) ms", re.MULTILINE)
_REFUSED = re.compile(r"^race=.*(?:deadlock detected|due to lock timeout)", re.MULTILINE)


@dataclass(frozen=True)
class LockWaits:
    """Milliseconds of the longest; how many transactions waited; how many waits ended without the lock."""

    longest_ms: float
    waited: int
    refused: int


def watch(postgres: Postgres) -> None:
    """From now on, waits are written down."""
    for setting in (f"deadlock_timeout = '{SHORTEST_MS}ms'", "log_lock_waits = on", "log_line_prefix = 'race=%p %v '"):
        postgres.query("postgres", f"ALTER SYSTEM SET {setting}")
    postgres.query("postgres", "SELECT pg_reload_conf()")


def seen(postgres: Postgres) -> LockWaits:
    """What was written down."""
    log = postgres.log_path.read_text(encoding="utf-8", errors="replace")
    total: dict[str, float] = defaultdict(float)
    for transaction, waited in _ENDED.findall(log):
        total[transaction] += float(waited)
    return LockWaits(max(total.values(), default=0.0), len(total), len(_REFUSED.findall(log)))
