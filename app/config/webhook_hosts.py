"""Where webhooks may go: to any public host over https, and to those that `WEBHOOK_HOSTS` names.

An admin types the address, and our servers can reach what strangers cannot: without this, Dibs could be made to post to
the database beside it. Pure.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

LONGEST = 500
HTTPS = 443
# Only letters, digits, dots and hyphens. Other characters may be part of the host to one URL parser, and part of a name
# and password to another.
HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\]")
PRINTABLE = re.compile(r"[!-~]+")
NAME = re.compile(rf"({HOST.pattern})(:\d{{1,5}})?")
NAT64 = ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Place:
    """A parsed URL."""

    scheme: str
    host: str
    port: int
    path: str
    """With its query."""
    named: bool
    """Whether `WEBHOOK_HOSTS` lists it, so that it need not be public."""

    @property
    def authority(self) -> str:
        """Host and port as the `Host` header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (HTTPS if self.scheme == "https" else 80) else f"{host}:{self.port}"


def place_of(url: str, setting: str) -> Place | None:
    """Parses the URL of an endpoint; None if webhooks may not go there."""
    if len(url) > LONGEST or not PRINTABLE.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if not HOST.fullmatch(_authority_host(parts)) or parts.fragment or parts.scheme not in ("http", "https"):
        return None
    host = (parts.hostname or "").lower()
    found = Place(
        scheme=parts.scheme,
        host=host,
        port=port or (HTTPS if parts.scheme == "https" else 80),
        path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        named=_names(setting, host, port),
    )
    return found if found.named or found.scheme == "https" else None


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif found.sixtofour is not None or found.teredo is not None or found in NAT64:
            return False  # an IPv4 address behind it, which may be any
    return found.is_global and not found.is_multicast


def names_places(setting: str) -> bool:
    """Whether the setting is valid."""
    return all(NAME.fullmatch(part.strip()) for part in setting.split(",") if part.strip())


def _authority_host(parts: SplitResult) -> str:
    """The host as written, with any name and password before it, which no host may have."""
    return parts.netloc if parts.port is None else parts.netloc.rsplit(":", 1)[0]


def _names(setting: str, host: str, port: int | None) -> bool:
    named = {part.strip().lower() for part in setting.split(",") if part.strip()}
    shown = f"[{host}]" if ":" in host else host
    return shown in named or f"{shown}:{port}" in named
