"""Servers of one run's own, for figures and races: Postgres, Valkey, and processes of ours beside them."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.error import URLError

from deploy.processes import BIN, ROOT, web_command
from devtools.postgres import Postgres, short_folder
from devtools.valkey import Valkey

AUTH_TOKEN = "auth-token-of-no-real-account"
READY_SECONDS = 120
Process = subprocess.Popen[bytes]


@dataclass(frozen=True)
class Servers:
    """What the product stands on."""

    postgres: Postgres
    valkey: Valkey


@contextmanager
def own_servers(prefix: str, options: Mapping[str, str] | None = None) -> Iterator[Servers]:
    """Fresh ones that keep what they are told as in production; nothing is left behind. `options` are Postgres's."""
    folder = short_folder(prefix)
    made = Servers(Postgres(folder / "pg", folder, options=options), Valkey(folder / "valkey", folder))
    try:
        made.postgres.start()
        made.valkey.start()
        yield made
    finally:
        made.valkey.stop()
        made.postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def environment(database_url: str, redis_url: str, port: int, *, carrier_url: str) -> dict[str, str]:
    """The product's settings on these servers, with its web processes on `port`."""
    return {
        "DIBS_ENV": "development",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TWILIO_API_URL": carrier_url,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "CLIENT_HOURS": "0-24",
        "DUPLICATE_HOURS": "0",
        "TALK_SECONDS": "0",
        "WELCOME_TEXTS": "no",
    }


def migrate(env: Mapping[str, str]) -> None:
    """Brings the database to this release."""
    subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"], cwd=ROOT, check=True,
                   env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip


def web_process(port: int, env: Mapping[str, str], *, workers: int = 1) -> Process:
    """The product's web server as production has it, with so many processes."""
    return process(*web_command("127.0.0.1", port, workers), env=env)


def bare_process(port: int, app: str, env: Mapping[str, str]) -> Process:
    """Another app on the same server, with nothing between the two."""
    return process(
        str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--blocking-threads", "8", "--no-access-log", "--log-level", "error", app,
        env=env,
    )  # fmt: skip


def process(*command: str, env: Mapping[str, str]) -> Process:
    """One process of ours; what it logs is not kept."""
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env}, stdout=subprocess.DEVNULL)


def end(process: Process) -> None:
    """Ends it politely."""
    process.terminate()
    process.wait(15)


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    """Waits until `url` answers. Raises RuntimeError when it never does."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except (URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"{url} does not answer")
