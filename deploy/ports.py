"""Is a port free? A taken one is one clear line, before anything has started."""

import socket


def refuse_taken_port(setting: str, host: str, port: int) -> None:
    """Raises SystemExit naming the setting that moves us out of the way."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise SystemExit(f"Port {port} is in use. Stop what is using it, or set {setting} to another.") from None
