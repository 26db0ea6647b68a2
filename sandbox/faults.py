"""What the sandbox can be told to do wrong."""

from dataclasses import dataclass, field


@dataclass
class Behaviour:
    """How the carrier and the push service misbehave. Counts go down by one each time they are used."""

    lose: list[str] = field(default_factory=list)
    """Callback events to lose: initiated, ringing, answered, completed, receipt; or `all`."""
    repeat: bool = False
    delay: float = 0.0
    reorder: bool = False
    rest_errors: list[int] = field(default_factory=list)
    """HTTP status of the next answers to POSTs, first to last: 429, 500, ..."""
    vanish: int = 0
    """So many of the next calls and messages are taken, and the answer never arrives."""
    lose_answers: int = 0
    """So many of the next documents get lost on their way here: the fallback is asked instead."""
    slow: float = 0.0
    """Seconds before each REST answer."""
    push_errors: list[int] = field(default_factory=list)
    """HTTP status of the next answers of the push service, first to last: 429, 500, 410, ..."""
    push_slow: float = 0.0
    """Seconds between a push's delivery and its answer."""
