"""Fills two databases, measures each path on both in turn, and prints the results."""

import argparse
import logging
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog

from devtools.bench.carrier import InstantCarrier
from devtools.scale.desks import DESKS, share_of_a_core
from devtools.scale.fill import fill
from devtools.scale.open_pages import print_open_pages
from devtools.scale.paths import lives, rounds
from devtools.scale.site import Cost, Site
from devtools.servers import Servers, environment, free_port, migrate, own_servers

SIZES = (10_000, 1_000_000)
"""Referrals."""
LIVES, ROUNDS = 24, 30
GOAL = 1.3
OPTIONS = {
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.track_planning": "on",
    "pg_stat_statements.track_utility": "off",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
}


def main(sizes: Sequence[int]) -> None:
    """One run."""
    small, large = sizes
    with own_servers("dibs-scale-", OPTIONS) as servers, _carrier() as carrier:
        servers.postgres.query("postgres", "CREATE EXTENSION pg_stat_statements")
        env = {size: _filled(servers, size, carrier.url) for size in sizes}
        sites = [Site(env[size], _name(size), _dsn(servers, "postgres")) for size in sizes]
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        _measure(sites)
        print(f"\nEach path at {small:,} and at {large:,} referrals, in turn: medians in ms, of these Postgres.\n")
        _print(*sites)
        share = share_of_a_core(sites[1])
        print(
            f"\n{DESKS} admins with the board open, at {large:,} referrals: {share:.1%} of a core, Postgres included\n"
        )
        for site in sites:
            site.close()
        print(f"\nOpen claim pages on two cores, at {large:,} referrals.\n")
        print_open_pages(env[large])


def _name(size: int) -> str:
    return f"with_{size}"


def _dsn(servers: Servers, name: str) -> str:
    return servers.postgres.url(name).replace("+psycopg", "")


@contextmanager
def _carrier() -> Iterator[InstantCarrier]:
    carrier = InstantCarrier()
    yield carrier
    carrier.shutdown()


def _filled(servers: Servers, size: int, carrier_url: str) -> dict[str, str]:
    """The settings of a product on a database of this size."""
    servers.postgres.make_database(_name(size))
    env = environment(servers.postgres.url(_name(size)), servers.valkey.url(), free_port(), carrier_url=carrier_url)
    env |= {"TEXTS_PER_SECOND": "1000", "TEXTS_PER_HOUR": "10000000", "CALLS_PER_HOUR": "100000"}
    migrate(env)
    fill(_dsn(servers, _name(size)), size)
    return env


def _measure(sites: Sequence[Site]) -> None:
    """In turn, so that noise from the rest of the machine affects both alike."""
    stories = [lives(site) for site in sites]
    for number in range(LIVES):
        for place in _order(number):
            next(stories[place])
    asked = [rounds(site) for site in sites]
    for name in asked[0]:
        for number in range(ROUNDS):
            for place in _order(number):
                sites[place].timed(name, asked[place][name])


def _order(number: int) -> tuple[int, int]:
    return (0, 1) if number % 2 else (1, 0)


def _print(small: Site, large: Site) -> None:
    over = []
    print(f"{'':<38} {'statements':>10} {'small':>8} {'large':>8} {'ratio':>6}   {'Postgres':>8} {'':>8} {'ratio':>6}")
    for name, costs in small.costs.items():
        few, many = _typical(costs), _typical(large.costs[name])
        ratio, postgres = many.seconds / few.seconds, many.postgres_ms / max(few.postgres_ms, 0.01)
        asked = f"{few.statements}" if few.statements == many.statements else f"{few.statements}/{many.statements}"
        print(
            f"{name:<38} {asked:>10} {few.seconds * 1000:8.1f} {many.seconds * 1000:8.1f} {ratio:6.2f}   "
            f"{few.postgres_ms:8.2f} {many.postgres_ms:8.2f} {postgres:6.2f}{'  over' if ratio > GOAL else ''}"
        )
        if ratio > GOAL:
            over.append(name)
    within = len(small.costs) - len(over)
    print(f"\n{within} of {len(small.costs)} paths at {GOAL} or less; over it: {', '.join(over) or 'none'}")


def _typical(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.seconds for cost in costs),
        int(statistics.median(cost.statements for cost in costs)),
        statistics.median(cost.postgres_ms for cost in costs),
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="how many referrals: a few, and many")
    main(parser.parse_args().sizes)
