"""`python -m deploy.web HOST PORT PROCESSES`: granian, with one listening socket for all web processes.

On Linux granian opens a socket per process, and closing it drops the connections waiting on it. A single socket
held by the parent, as granian has it on other systems, outlives every process: on SIGHUP a new process takes over from
an old one, and no connection is refused.
"""

import multiprocessing
import socket
import sys

from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from granian.net import SocketSpec  # type: ignore[attr-defined]
from granian.server import MPServer

BACKLOG = 1024
CONNECTIONS = 8192
"""Open at once in one process, most of them idle."""
STOP_SECONDS = 8


class OneSocket(MPServer):
    """Granian's server with one listening socket, held by the parent."""

    def _init_shared_socket(self) -> None:
        self._shd = SocketSpec(self.bind_addr, self.bind_port, self.backlog).build()  # type: ignore[assignment]
        self._sfd = self._shd.get_fd()  # type: ignore[attr-defined]
        self._ssp = None
        self._sso = socket.socket(fileno=self._sfd)
        self._sso.set_inheritable(True)


def main(host: str, port: int, processes: int) -> None:
    """Serves until told to stop. The access log is off: paths carry tokens; the app logs each request without them."""
    multiprocessing.set_start_method("fork")  # children inherit the socket; no other thread runs yet
    OneSocket(
        "wsgi:server",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=processes,
        loop=Loops.auto,
        http=HTTPModes.http1,
        websockets=False,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
