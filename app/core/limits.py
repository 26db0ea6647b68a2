"""How often something may be asked for, counted in Redis; in this process while Redis is away."""

import re
from enum import Enum

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

REDIS_WAIT_SECONDS = 1


class Limit(Enum):
    """What is limited, and to how many times in which window."""

    SIGN_IN_LINKS_PER_ADDRESS = "5 per hour"
    SIGN_IN_LINKS_PER_VISITOR = "20 per hour"
    NUMBER_CODES_PER_AGENT = "6 per hour"
    NUMBER_CODES_PER_VISITOR = "20 per 60 minutes"
    """Spelled apart: members of one value would be one member, and one count."""
    WRONG_PINS_PER_CALLER = "10 per hour"
    """Callers who hide their number share one."""
    WRONG_PINS = "300 per hour"
    """In all, but for agents who call from their own phone."""
    TESTS_PER_AGENT = "10 per 60 minutes"
    """Of whether a channel works."""

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
        try:
            return not self._shared.test(limit.item, limit.name, who)
        except RedisError:
            return not self._own.test(limit.item, limit.name, who)

    def allow(self, limit: Limit, who: str = "") -> bool:
        """Counts one attempt of `who`; False when it is one too many."""
        try:
            return self._shared.hit(limit.item, limit.name, who)
        except RedisError:
            return self._own.hit(limit.item, limit.name, who)
