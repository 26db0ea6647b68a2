"""`python -m sandbox`: a carrier, phones and an inbox at http://127.0.0.1:SANDBOX_PORT."""

import signal
import sys
import threading

from werkzeug.serving import make_server

from sandbox.hands.pages import create_sandbox
from sandbox.mail.inbox import start_inbox
from sandbox.saved import load_kept, save
from sandbox.settings import load
from sandbox.world import World

HOST = "127.0.0.1"


def main() -> int:
    """Serves until told to stop."""
    world = World(load())
    state_path = world.settings.state_path
    if state_path is not None:
        load_kept(world, state_path)
    try:
        inbox = start_inbox(world)
    except OSError:
        sys.exit(f"Port {world.settings.smtp_port} is in use. Set SANDBOX_SMTP_PORT to another.")
    server = make_server(HOST, world.settings.port, create_sandbox(world), threaded=True)
    server.daemon_threads = True  # type: ignore[attr-defined]

    def stop(*_signal: object) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server.serve_forever()
    inbox.stop()
    if state_path is not None:
        save(world, state_path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
