"""What is wrong with settings that have the right types: missing, known to everybody, or of no use as they are."""

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.config.development import DEVELOPMENT_SECRET, DEVELOPMENT_VAPID_KEY
from app.config.settings import LONGEST_PUBLIC_URL, Settings
from app.core.push_hosts import names_hosts

NEEDED = (
    "secret_key", "database_url", "redis_url", "public_url", "twilio_account_sid", "twilio_auth_token",
    "twilio_call_from", "mail_url", "mail_from",
)  # fmt: skip
"""In production."""
SHORTEST_SECRET = 16
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
NUMBER = r"\+[1-9]\d{6,14}"


@dataclass(frozen=True)
class Check:
    """What has to hold of a setting, and what is said where it does not."""

    name: str
    holds: Callable[[Settings], bool]
    words: str


def given(name: str) -> Check:
    """A setting that there has to be."""
    return Check(name, lambda s: bool(getattr(s, name)), "missing")


def shaped(name: str, shape: str, words: str) -> Check:
    """A setting that, if given, has to look so."""
    return Check(name, lambda s: not getattr(s, name) or bool(re.fullmatch(shape, getattr(s, name))), words)


IN_PRODUCTION = (
    *(given(name) for name in NEEDED),
    Check(
        "twilio_sms_from",
        lambda s: bool(s.twilio_sms_from or s.twilio_messaging_service_sid),
        "missing (or give TWILIO_MESSAGING_SERVICE_SID)",
    ),
    Check(
        "secret_key",
        lambda s: DEVELOPMENT_SECRET not in s.secret_key,
        "the development key is known to everybody",
    ),
    Check(
        "vapid_private_key",
        lambda s: s.vapid_private_key != DEVELOPMENT_VAPID_KEY,
        "the development key is known to everybody",
    ),
    Check(
        "public_url",
        lambda s: not s.public_url.startswith("http://") or _is_loopback(s.public_url),
        "must begin with https://",
    ),
)
ALWAYS = (
    Check(
        "secret_key",
        lambda s: all(len(key) >= SHORTEST_SECRET for key in s.secret_keys),
        f"each key needs {SHORTEST_SECRET} characters or more",
    ),
    shaped("database_url", r"postgresql.*", "must begin with postgresql://"),
    shaped("redis_url", r"(rediss?|unix)://.*", "must begin with redis://, rediss:// or unix://"),
    Check("public_url", lambda s: _is_web_url(s.public_url), "must be http(s)://host with no path"),
    Check(
        "public_url",
        lambda s: len(s.public_url) <= LONGEST_PUBLIC_URL,
        f"at most {LONGEST_PUBLIC_URL} characters, so that an SMS stays one segment",
    ),
    shaped("twilio_account_sid", r"AC[0-9a-fA-F]{32}", "must be AC and 32 hex digits"),
    Check("twilio_api_url", lambda s: _is_web_url(s.twilio_api_url), "must be http(s)://host[:port]"),
    shaped("twilio_call_from", NUMBER, "must be a number such as +15125550100"),
    shaped("twilio_sms_from", NUMBER, "must be a number such as +15125550100"),
    shaped("mail_url", r"smtps?://[^/]+.*", "must be smtp://user:password@host:port"),
    shaped("mail_bounces_to", r"[^@\s]+@[^@\s]+", "must be an address such as bounces@host"),
    shaped("mail_hook_key", rf".{{{SHORTEST_SECRET},}}", f"needs {SHORTEST_SECRET} characters or more"),
    Check(
        "vapid_private_key",
        lambda s: not s.vapid_private_key or _is_p256_scalar(s.vapid_private_key),
        "must be base64url of 32 bytes",
    ),
    Check(
        "vapid_subject",
        lambda s: not s.sends_push or bool(re.fullmatch(r"mailto:\S+@\S+|https://\S+", s.vapid_subject)),
        "must be mailto:somebody@host or https://...",
    ),
    Check(
        "push_hosts",
        lambda s: names_hosts(s.push_hosts),
        "hosts separated by commas, such as fcm.googleapis.com,*.push.apple.com",
    ),
)


def problems_of(settings: Settings) -> list[str]:
    """A line for each thing that is wrong, beginning with the setting's name."""
    checks = (*IN_PRODUCTION, *ALWAYS) if settings.is_production else ALWAYS
    return [f"{check.name.upper()}: {check.words}" for check in checks if not check.holds(settings)]


def _is_web_url(url: str) -> bool:
    """Also where there is none."""
    parts = urlsplit(url)
    return not url or (parts.scheme in ("http", "https") and bool(parts.hostname) and parts.path in ("", "/"))


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_p256_scalar(value: str) -> bool:
    try:
        octets = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        return len(octets) == 32 and 0 < int.from_bytes(octets) < P256_ORDER  # noqa: PLR2004
    except (binascii.Error, ValueError):
        return False
