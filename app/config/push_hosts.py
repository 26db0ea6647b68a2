"""Which push services we talk to. A browser tells us its address, so anybody could name any: ours go to these alone.

`PUSH_HOSTS` is names separated by commas: `fcm.googleapis.com` is that host, `*.push.apple.com` any host below it,
both over https on its own port. `127.0.0.1:8001`, with a port, is a service on this machine, over http. Pure.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

PUSH_SERVICES = (
    "fcm.googleapis.com,updates.push.services.mozilla.com,*.push.services.mozilla.com,web.push.apple.com,"
    "*.push.apple.com,*.notify.windows.com"
)
"""Where Chrome, Firefox, Safari and Edge have push messages sent."""
NAME = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+|(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}")
"""A host, any host below one, or a port of this machine."""
LONGEST_ENDPOINT = 1000
"""Characters, as wide as the column."""
# Letters, digits, dots and hyphens alone before the path: what one parser of addresses would take for the host,
# and another for a name and password, is no endpoint.
ELSEWHERE = re.compile(r"https://(?P<host>[A-Za-z0-9.-]+)(?::443)?/[!-\[\]-~]*")
ON_THIS_MACHINE = re.compile(r"http://(?P<host>(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5})/[!-\[\]-~]*")


@dataclass(frozen=True)
class PushHosts:
    """The hosts of one setting."""

    names: frozenset[str]
    domains: tuple[str, ...]
    """Each with its leading dot."""

    def allowed(self, endpoint: str) -> bool:
        """Whether we may post to this endpoint."""
        if len(endpoint) > LONGEST_ENDPOINT:
            return False
        found = ELSEWHERE.fullmatch(endpoint) or ON_THIS_MACHINE.fullmatch(endpoint)
        host = found["host"].lower() if found else ""
        return host in self.names or host.endswith(self.domains)


@lru_cache(maxsize=4)
def push_hosts(setting: str) -> PushHosts:
    """The hosts that `PUSH_HOSTS` names; empty: those of the browsers in use."""
    parts = _names(setting or PUSH_SERVICES)
    domains = tuple(part.removeprefix("*") for part in parts if part.startswith("*."))
    return PushHosts(frozenset(part for part in parts if not part.startswith("*.")), domains)


def names_hosts(setting: str) -> bool:
    """Whether it says what we can understand."""
    return all(NAME.fullmatch(part) for part in _names(setting))


def _names(setting: str) -> list[str]:
    return [part.strip().lower() for part in setting.split(",") if part.strip()]
