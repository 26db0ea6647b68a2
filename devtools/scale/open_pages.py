"""How many open claim pages, each polling once a second, it takes to double the p95 of a tap."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import urlsplit

import psycopg

from devtools.load import request_bytes, send
from devtools.scale.pollers import write_pages
from devtools.servers import Process, end, wait_for, web_process

WEB_PROCESSES = 2
"""One per core, shared with Postgres and the load."""
PAGES = 400
"""Distinct pages to poll, in rotation."""
LEVELS = (0, 500, 1000, 2000, 3000, 4000, 5000, 6000, 8000, 0)
SETTLES, TAPS, BETWEEN = 2.0, 100, 0.1
ANSWERED = 0.95
"""The share of polls that must be answered for a level to count."""
OPEN = """
    SELECT DISTINCT ON (agent_id) id FROM offer WHERE status = 'sent' AND expires_at > now()
     AND NOT EXISTS (SELECT FROM call WHERE call.agent_id = offer.agent_id AND ended_at IS NULL) ORDER BY agent_id, id
"""
HANG_UP = "UPDATE call SET status = 'canceled', ended_at = now() WHERE status = 'requested'"


def print_open_pages(env: Mapping[str, str]) -> None:
    """One line per level, and the highest level up to which the p95 of a tap has not doubled."""
    from app import create_app
    from app.config import load_settings
    from app.core.runtime import runtime
    from app.core.urls import offer_path

    port = urlsplit(env["PUBLIC_URL"]).port
    assert port is not None
    dsn = env["DATABASE_URL"].replace("+psycopg", "")
    with psycopg.connect(dsn, autocommit=True) as connection, _web(port, env):
        with create_app(load_settings(env)).app_context():
            links = [offer_path(runtime(), id_) for (id_,) in connection.execute(OPEN).fetchall()]
        half = min(PAGES, len(links) // 2)
        watched, tapped = links[:half], links[half:]  # apart: a tap would change what the page is polled for
        pages = write_pages(port, watched)
        print(f"{'open pages':>10} {'polls /s':>10} {'a tap, median':>16} {'p95':>10}")
        idle, holds, fits, first = 0.0, 0, True, 0
        for level in LEVELS:
            taps = [tapped[(first + n) % len(tapped)] for n in range(TAPS)]
            first += TAPS
            polls, times = _level(port, pages, level, taps)
            connection.execute(HANG_UP)
            p95 = statistics.quantiles(times, n=20)[-1]
            idle = idle or p95
            fits = fits and p95 <= 2 * idle and polls >= ANSWERED * level
            holds = max(level, holds) if fits else holds
            print(f"{level:>10,} {polls:>10,.0f} {statistics.median(times) * 1000:>13.1f} ms {p95 * 1000:>7.1f} ms")
    print(f"\n{holds:,} open pages before the p95 of a tap doubles")


@contextmanager
def _web(port: int, env: Mapping[str, str]) -> Iterator[Process]:
    web = web_process(port, env, workers=WEB_PROCESSES)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield web
    finally:
        end(web)


def _level(port: int, pages: str, level: int, taps: list[str]) -> tuple[float, list[float]]:
    """Answered polls per second, and the seconds of each tap."""
    seconds = SETTLES + TAPS * (BETWEEN + 0.02)
    polling = _polling(port, pages, level, seconds) if level else None
    time.sleep(SETTLES)
    times = [_tap(port, link) for link in taps]
    polls = 0.0
    if polling is not None:
        polls = float(polling.communicate()[0])
    return polls, times


def _tap(port: int, link: str) -> float:
    time.sleep(BETWEEN)
    post = request_bytes("POST", f"{link}/call", b"x=1", Sec_Fetch_Site="same-origin", HX_Request="true")
    (answer,) = send(port, [post], threads=1).answers
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(f"a tap was answered {answer.status}")
    return answer.seconds


def _polling(port: int, pages: str, level: int, seconds: float) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "devtools.scale.pollers", str(port), pages, str(level), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
