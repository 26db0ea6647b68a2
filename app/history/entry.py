"""One line of a timeline."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Entry:
    """One thing that happened."""

    at: datetime
    words: str
    important: bool = False
