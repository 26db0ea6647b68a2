"""How many calls and texts go out in an hour, to one phone and in all: a loop, or a thief, must not ring on for ever.

What is beyond is not sent, and the admins hear of it.
"""

from dataclasses import dataclass

import structlog
from sqlalchemy.orm import Session

from app.calls.ceiling import CEILING
from app.core.clock import now
from app.core.limits import Limit, Limits
from app.core.queue.outbox import NOTHING, Outbox
from app.core.runtime import runtime
from app.notifications.reach.tell import tell_admins

log = structlog.get_logger()

SHARE_OF_ONE, FEWEST_FOR_ONE = 0.02, 20
"""What one phone may have of it all; so many in any case."""
TEXT_AGAIN_AFTER = 300.0
"""Seconds."""


@dataclass(frozen=True)
class Ceilings:
    """Counts what goes out."""

    limits: Limits
    calls_per_hour: int
    texts_per_hour: int

    def allow_call(self, phone: str) -> bool:
        """Counts one call; False when it is one too many."""
        return self._allow("calls", self.calls_per_hour, phone)

    def allow_text(self, phone: str) -> bool:
        """Counts one text; False when it is one too many."""
        return self._allow("texts", self.texts_per_hour, phone)

    def _allow(self, what: str, most: int, phone: str) -> bool:
        of_one = max(FEWEST_FOR_ONE, round(most * SHARE_OF_ONE))
        return self.limits.allow_hourly(f"{what}_of_one", of_one, phone) and self.limits.allow_hourly(what, most)


def ceilings() -> Ceilings:
    """Those of the app being served."""
    here = runtime()
    return Ceilings(here.limits, here.settings.calls_per_hour, here.settings.texts_per_hour)


def reached(session: Session, what: str) -> Outbox:
    """A call, or a text, was not sent: the admins hear of it, once an hour. The caller commits."""
    log.warning("ceiling_reached", what=what)
    if not runtime().limits.allow(Limit.CEILING_MAILS, what):
        return NOTHING
    return tell_admins(session, kind=CEILING, at=now())
