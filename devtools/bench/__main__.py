"""Measures, and prints each figure beside its yardstick and its goal."""

import statistics
import time
from collections.abc import Sequence

import psutil

from devtools.bench.cold_page import cold_page
from devtools.bench.home import FEW, MANY, a_client, homes
from devtools.bench.lighthouse import installed, scores
from devtools.bench.messages import print_messages
from devtools.bench.world import Row, World, running
from devtools.load import Sent, SignedWebhooks, request_bytes, send
from devtools.servers import AUTH_TOKEN

TAPS = 60
READS = 3000
HOMES = 300
ROUNDS = 3


def main() -> None:
    """One run."""
    with running() as world:
        print("Ratios are ours to the yardstick's on the same server, in this run.\n")
        _server(world)
        _taps(world)
        _pages(world)
        _polls(world)
        _keys(world)
        cookies = homes(world)
        _homes(world, cookies)
        _cold(world)
        _memory(world)
        _lighthouse(world, cookies[MANY])
    print("\nMessages: 100 referrals to a team of 10 on three channels.\n")
    print_messages()


def _line(what: str, ours: str, yardstick: str, ratio: float, goal: str) -> None:
    print(f"{what:<34} {ours:>18} {yardstick:>18}   {ratio:5.2f}x   goal {goal}")


def _server(world: World) -> None:
    rate = _best(world.bare_port, [request_bytes("GET", "/nothing")] * READS)
    print(f"{'the server and the load alone':<34} {'':>18} {rate.per_second:>14,.0f} /s")


def _taps(world: World) -> None:
    """From the tap to the carrier's request, one after the other."""
    warm = 5
    ours, bare = [], []
    for i, row in enumerate(world.open[: TAPS + warm]):
        post = request_bytes("POST", f"{row.link}/call", b"x=1", Sec_Fetch_Site="same-origin", HX_Request="true")
        mine = _tap(world, world.web_port, post, 200)
        yard = _tap(world, world.bare_port, request_bytes("POST", f"/tap/{row.offer_id}", b"x=1"), 200)
        if i >= warm:
            ours.append(mine)
            bare.append(yard)
    mine_ms, yard_ms = statistics.median(ours), statistics.median(bare)
    _line("tap to the carrier's request", f"{mine_ms:.1f} ms", f"{yard_ms:.1f} ms", mine_ms / yard_ms, "1.5x or less")


def _tap(world: World, port: int, request: bytes, expect: int) -> float:
    count = len(world.carrier.asked) + 1
    began = time.perf_counter()
    _all_answered(send(port, [request], threads=1), expect=expect)
    return (world.carrier.wait_for(count) - began) * 1000


def _pages(world: World) -> None:
    rows = world.open[TAPS + 10 :]
    ours = [request_bytes("GET", row.link) for row in _cycle(rows)]
    bare = [request_bytes("GET", f"/page/{row.referral_id}") for row in _cycle(rows)]
    _rates("claim page", world, ours, bare, 200, "0.50x or more")


def _polls(world: World) -> None:
    rows = world.open[TAPS + 10 : TAPS + 40]
    tags = {row.offer_id: _tag(world, row) for row in rows}
    ours = [
        request_bytes("GET", f"{row.link}/panel", HX_PTag=tags[row.offer_id], HX_Request="true") for row in _cycle(rows)
    ]
    bare = [request_bytes("GET", f"/select/{row.offer_id}") for row in _cycle(rows)]
    _rates("unchanged poll (304)", world, ours, bare, 304, "0.70x or more")


def _homes(world: World, cookies: dict[int, str]) -> None:
    """Home of an agent with 400 clients beside that of one with 5."""
    rates = {
        count: _best(world.web_port, [request_bytes("GET", "/referrals", Cookie=cookie)] * HOMES)
        for count, cookie in cookies.items()
    }
    few, many = rates[FEW], rates[MANY]
    _all_answered(few, many, expect=200)
    ours, yard = f"{1000 / many.per_second:.1f} ms", f"{1000 / few.per_second:.1f} ms"
    _line("home: 400 clients, and 5", ours, yard, few.per_second / many.per_second, "1.30x or less")


def _tag(world: World, row: Row) -> str:
    import urllib.request

    with urllib.request.urlopen(f"http://127.0.0.1:{world.web_port}{row.link}/panel", timeout=5) as answer:
        return str(answer.headers["HX-PTag"])


def _keys(world: World) -> None:
    """Each claim happens once, so each round has rows of its own; the yardstick gets the same."""
    ours, bare = _carrier(world.web_port), _carrier(world.bare_port)
    size = len(world.in_menu) // ROUNDS
    pairs = []
    for rows in (world.in_menu[n * size : (n + 1) * size] for n in range(ROUNDS)):
        keys = [ours.key(f"/hooks/twilio/calls/{row.call_id}/key", sid=row.sid) for row in rows]
        yards = [bare.key(f"/key/{row.referral_id}", sid=row.sid) for row in rows]
        pairs.append((send(world.web_port, keys), send(world.bare_port, yards)))
        _all_answered(*pairs[-1], expect=200)
    mine, yard = max((a for a, _ in pairs), key=_speed), max((b for _, b in pairs), key=_speed)
    _line("key 1 webhooks, each a claim", f"{mine.per_second:,.0f} /s", f"{yard.per_second:,.0f} /s",
          mine.per_second / yard.per_second, "0.50x or more")  # fmt: skip
    print(f"{'':<34} {f'median {mine.median_ms:.1f} ms':>18} {f'p99 {mine.p99_ms:.1f} ms':>18}")
    script = "\\set n random(1, 100)\nBEGIN;\nSELECT 1 FROM bench_row WHERE id = :n FOR NO KEY UPDATE;\n"
    script += "UPDATE bench_row SET at = now() WHERE id = :n;\nCOMMIT;\n"
    world.postgres.query("dibs", "CREATE TABLE bench_row AS SELECT n AS id, now() AS at FROM generate_series(1, 100) n")
    world.postgres.query("dibs", "ALTER TABLE bench_row ADD PRIMARY KEY (id)")
    printed = world.postgres.pgbench("dibs", script)
    print(f"{'pgbench, that locked update':<34} {'':>18} {printed:>14,.0f} /s")


def _carrier(port: int) -> SignedWebhooks:
    return SignedWebhooks(AUTH_TOKEN, f"http://127.0.0.1:{port}")


def _all_answered(*sent: Sent, expect: int) -> None:
    for one in sent:
        assert one.failed(expect) == 0, f"{one.failed(expect)} of {len(one.answers)} answers are not {expect}"


def _rates(what: str, world: World, ours: Sequence[bytes], bare: Sequence[bytes], expect: int, goal: str) -> None:  # noqa: PLR0917
    """The best of alternating rounds."""
    pairs = [(send(world.web_port, ours), send(world.bare_port, bare)) for _ in range(ROUNDS)]
    for pair in pairs:
        _all_answered(*pair, expect=expect)
    mine, yard = max((a for a, _ in pairs), key=_speed), max((b for _, b in pairs), key=_speed)
    _line(what, f"{mine.per_second:,.0f} /s", f"{yard.per_second:,.0f} /s", mine.per_second / yard.per_second, goal)


def _best(port: int, requests: Sequence[bytes]) -> Sent:
    return max((send(port, requests) for _ in range(ROUNDS)), key=_speed)


def _speed(sent: Sent) -> float:
    return sent.per_second


def _cycle(rows: Sequence[Row]) -> list[Row]:
    return [rows[i % len(rows)] for i in range(READS)]


def _cold(world: World) -> None:
    page = cold_page(world.web_port, world.open[-1].link)
    print(
        f"\n{'a cold claim page':<34} {page.requests:>9} requests {page.bytes:>12,} bytes   goal 6 and 35,840 or fewer"
    )
    for name, size in page.parts:
        print(f"    {name:<40} {size:>8,}")


def _lighthouse(world: World, cookie: str) -> None:
    print("\nLighthouse, mobile: performance, accessibility, best practices; goal 98, 100, 100 or better")
    if not installed():
        print("    Lighthouse needs Node and npm, which are not here.")
        return
    at = f"http://127.0.0.1:{world.web_port}"
    pages = {"claim": (world.open[-1].link, ""), "home": ("/referrals", cookie), "referral": (a_client(world), cookie)}
    for name, (path, whose) in pages.items():
        found = "  ".join(f"{score:>4}" for score in scores(at + path, whose))
        print(f"    {name:<40} {found}", flush=True)


def _memory(world: World) -> None:
    print("\nmemory (unique to the process, and all of its children)")
    for name, process in world.processes.items():
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        print(f"    {name:<40} {sum(p.memory_full_info().uss for p in family) / 2**20:>8.0f} MB")


if __name__ == "__main__":
    main()
