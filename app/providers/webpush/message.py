"""What is asked of a push service."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Push:
    """One message to one browser. A newer one with the same `topic` replaces it at the service."""

    endpoint: str
    p256dh: str
    auth: str
    payload: str
    topic: str
    ttl: int
    """Seconds the service keeps it for a browser that is away."""
