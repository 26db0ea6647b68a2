"""The whole product as its own processes, on real servers, for one test worker."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import requests
from psycopg.rows import TupleRow

from deploy.processes import web_command
from tests.support.world.nursery import nursery
from tests.support.world.ports import free_port
from tests.support.world.waiting import eventually

READY_SECONDS, STOP_SECONDS = 40, 8
TRANSACTIONS = "SELECT pid, xact_start FROM pg_stat_activity WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid()"
QUIET_LOOKS = 3
WORKERS = ("voice", "messages", "sweeper")


class Process:
    """One process of the product, which can be killed and started again."""

    def __init__(self, command: list[str], env: dict[str, str], log: Path, *, imports: bool = False) -> None:
        self._command, self.env, self._log, self._imports = command, env, log, imports
        self._pid: int | None = None

    def start(self) -> None:
        self._pid = nursery().start(self._command, self.env, self._log, imports=self._imports)

    def stop(self) -> None:
        """As a supervisor does: asked to end, and killed if it does not."""
        if self._pid is not None and not nursery().is_over(self._pid):
            os.kill(self._pid, signal.SIGTERM)
            if not self._ends_within(STOP_SECONDS):
                self.kill()
        self._pid = None

    def kill(self) -> None:
        """As the kernel would when memory runs out."""
        os.killpg(self.pid, signal.SIGKILL)
        assert self._ends_within(STOP_SECONDS)

    @property
    def pid(self) -> int:
        assert self._pid is not None
        return self._pid

    def pause(self) -> None:
        """Stands still, as on a machine that is out of breath."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def _ends_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not (over := nursery().is_over(self.pid)) and time.monotonic() < deadline:
            time.sleep(0.005)
        return over


class Product:
    """Web, workers, sweeper, and the sandbox as carrier and mail server."""

    def __init__(self, database_url: str, redis_url: str, log_dir: Path, **settings: str) -> None:
        self.port, self.sandbox_port, self.smtp_port = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("TWILIO", "SANDBOX"))},
            "DIBS_ENV": "development",
            "PUBLIC_URL": self.url,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "TWILIO_API_URL": f"http://127.0.0.1:{self.sandbox_port}",
            "TWILIO_ACCOUNT_SID": "AC" + "0123456789abcdef" * 2,
            "TWILIO_AUTH_TOKEN": "tests-auth-token",
            "TWILIO_CALL_FROM": "+15125550100",
            "TWILIO_SMS_FROM": "+15125550101",
            "MAIL_URL": f"smtp://127.0.0.1:{self.smtp_port}",
            "MAIL_BOUNCES_TO": "bounces@dibs.example",
            "MAIL_HOOK_KEY": "tests-mail-hook-key",
            "TEXTS_PER_SECOND": "100",
            "WELCOME_TEXTS": "no",
            "SANDBOX_PORT": str(self.sandbox_port),
            "SANDBOX_SMTP_PORT": str(self.smtp_port),
            "PUSH_HOSTS": f"127.0.0.1:{self.sandbox_port}",
            "WEBHOOK_HOSTS": f"127.0.0.1:{self.sandbox_port}",
            "SANDBOX_CALLS_PER_SECOND": "100",
            "SANDBOX_SPEED": "10",
            "TALK_SECONDS": "0",
            "CLIENT_HOURS": "0-24",
            **settings,
        }
        self.log_path = log_dir / "product.log"
        python, log = sys.executable, self.log_path
        log.touch()
        self.web = Process(web_command("127.0.0.1", self.port, workers=1), self.env, log)
        self.sandbox = Process([python, "-m", "sandbox"], self.env, log)
        self.workers = {name: Process([python, "worker.py", name], self.env, log) for name in WORKERS}

    def start(self) -> None:
        """Starts all, and waits until they are ready."""
        for process in (self.sandbox, self.web, *self.workers.values()):
            process.start()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        last = ""
        while time.monotonic() < deadline:
            try:
                answer = requests.get(f"{self.url}/readyz", timeout=5)
                requests.get(f"http://127.0.0.1:{self.sandbox_port}/control/state", timeout=5)
                if answer.ok:
                    return
                last = answer.text
            except requests.RequestException as error:
                last = type(error).__name__
            time.sleep(0.05)
        raise AssertionError(f"not ready: {last}\n{self.log_path.read_text(errors='replace')[-4000:]}")

    @contextmanager
    def without(self, *names: str) -> Iterator[None]:
        """These workers are killed, and started again afterwards."""
        for name in names:
            self.workers[name].kill()
        try:
            yield
        finally:
            for name in names:
                self.workers[name].start()
            self.wait_until_ready()

    @contextmanager
    def held_up(self, *names: str) -> Iterator[None]:
        """These workers stand still meanwhile, between two jobs; what is asked of them waits.

        The sweeper does what the voice worker leaves undone for some seconds: to hold up a call, hold up both.
        """
        try:
            eventually(lambda: self._stand_still(names), f"a pause of {names}")
            yield
        finally:
            self._go_on(names)

    def _stand_still(self, names: tuple[str, ...]) -> bool:
        """Stops them, unless one is in the middle of a transaction, whose locks would last as long.

        The server may not have read yet what a stopped process has begun: one quiet look is not enough.
        """
        for name in names:
            self.workers[name].pause()
        with psycopg.connect(self.env["DATABASE_URL"].replace("+psycopg", ""), autocommit=True) as connection:
            for _ in range(QUIET_LOOKS):
                if _open_for_long(connection):
                    self._go_on(names)
                    return False
                time.sleep(0.02)
        return True

    def _go_on(self, names: tuple[str, ...]) -> None:
        for name in names:
            self.workers[name].resume()

    @contextmanager
    def worker_with(self, name: str, **settings: str) -> Iterator[None]:
        """This worker runs with other settings meanwhile."""
        worker = self.workers[name]
        worker.stop()
        worker.env = {**self.env, **settings}
        worker.start()
        self.wait_until_ready()
        try:
            yield
        finally:
            worker.stop()
            worker.env = self.env
            worker.start()
            self.wait_until_ready()

    @contextmanager
    def web_with(self, **settings: str) -> Iterator[None]:
        """The web server runs with other settings meanwhile."""
        self._restart_web({**self.env, **settings})
        try:
            yield
        finally:
            self._restart_web(self.env)

    @contextmanager
    def web_away(self) -> Iterator[None]:
        """Nobody answers the carrier, or anybody else, meanwhile."""
        self.web.kill()
        try:
            yield
        finally:
            self.web.start()
            self.wait_until_ready()

    def _restart_web(self, env: dict[str, str]) -> None:
        self.web.stop()
        self.web.env = env
        self.web.start()
        self.wait_until_ready()

    def stop(self) -> None:
        for process in (*self.workers.values(), self.web, self.sandbox):
            process.stop()


def _open_for_long(connection: psycopg.Connection[TupleRow]) -> bool:
    """Whether a transaction goes on through five looks: those of processes that run are soon over."""
    open_ones = set(connection.execute(TRANSACTIONS).fetchall())
    for _ in range(4):
        if not open_ones:
            return False
        time.sleep(0.02)
        open_ones &= set(connection.execute(TRANSACTIONS).fetchall())
    return bool(open_ones)
