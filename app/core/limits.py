"""How often something may be asked for, counted in Redis; in this process while Redis is away."""

import re
from collections.abc import Callable
from enum import Enum

from limits import RateLimitItem, RateLimitItemPerHour, parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from app.core.metrics import LIMITS_HIT

REDIS_WAIT_SECONDS = 1


class Limit(Enum):
    """What is limited, and to how many times in which window."""

    SIGN_IN_LINKS_PER_ADDRESS = "5 per hour"
    SIGN_IN_LINKS_PER_VISITOR = "20 per hour"
    FIRST_SIGN_IN_LINK = "1 per hour"
    """Of an address: whatever others ask for from the same place, it is sent."""
    SIGN_IN_CODES_PER_LINK = "5 per 60 minutes"
    PASSKEYS_PER_VISITOR = "30 per 60 minutes"
    CODE_TEXTS_PER_LINK = "1 per 60 minutes"
    PORTAL_CODES_PER_AGENT = "5 per 3600 seconds"
    """Asked for on the claim page, which whoever holds its link can do."""
    NUMBER_CODES_PER_AGENT = "6 per hour"
    NUMBER_CODES_PER_VISITOR = "20 per 60 minutes"
    """Spelled apart: members of one value would be one member, and one count."""
    SECOND_FACTORS_PER_ACCOUNT = "12 per 60 minutes"
    WRONG_PINS_PER_CALLER = "10 per hour"
    """And by whether the carrier vouches for the number. Callers who hide theirs share one."""
    WRONG_PINS_PER_FORGED_AGENT = "100 per hour"
    """From an agent's number that the carrier does not vouch for. They can only open that agent's own offers, so there
    are enough of them that nobody who forges the number can lock the agent out with a few calls."""
    WRONG_PINS = "300 per hour"
    """In total, from numbers that are neither vouched for nor an agent's."""
    UNPROVEN_CALLS_PER_NUMBER = "6 per 60 minutes"
    """Of clients who ring back with a number that the carrier does not vouch for."""
    STEPS_ON_A_CLIENTS_PAGE = "20 per 3600 seconds"
    """Of one referral: each is told to the agent."""
    JOIN_REQUESTS_PER_LINK = "30 per hour"
    TESTS_PER_AGENT = "10 per 60 minutes"
    """Of whether a channel works."""
    CEILING_MAILS = "1 per 3600 seconds"
    """To the admins, about calls and about texts."""

    @property
    def item(self) -> RateLimitItem:
        """The same in the library's words."""
        return parse(self.value)


class Limits:
    """Counts attempts."""

    def __init__(self, redis_url: str) -> None:
        shared = storage_from_string(re.sub("^unix://", "redis+unix://", redis_url), socket_timeout=REDIS_WAIT_SECONDS)
        self._shared = FixedWindowRateLimiter(shared)
        self._own = FixedWindowRateLimiter(MemoryStorage())

    def spent(self, limit: Limit, who: str = "") -> bool:
        """Whether `who` has no attempt left; counts nothing."""
        left = self._asks(lambda counter: counter.test(limit.item, limit.name, who))
        return not _counted(limit.name, left)

    def allow(self, limit: Limit, who: str = "") -> bool:
        """Counts one attempt of `who`; False when it is one too many."""
        return self._hits(limit.item, limit.name, who)

    def allow_hourly(self, what: str, most: int, who: str = "") -> bool:
        """Counts one of what `who`, or all together, may do `most` times an hour; False when it is one too many."""
        return self._hits(RateLimitItemPerHour(most), what, who)

    def _hits(self, item: RateLimitItem, name: str, who: str) -> bool:
        return _counted(name, self._asks(lambda counter: counter.hit(item, name, who)))

    def _asks(self, question: Callable[[FixedWindowRateLimiter], bool]) -> bool:
        try:
            return question(self._shared)
        except RedisError:
            return question(self._own)


def _counted(name: str, allowed: bool) -> bool:
    if not allowed:
        LIMITS_HIT.labels(name.lower()).inc()
    return allowed
