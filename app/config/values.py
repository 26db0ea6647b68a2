"""The kinds of values that settings have, and what is said of one that is not. Each is read from text."""

import base64
import ipaddress
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated

import phonenumbers
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from email_validator import EmailNotValidError, validate_email
from pydantic import AnyUrl, BeforeValidator, HttpUrl, RedisDsn, SecretStr, TypeAdapter, UrlConstraints
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.config.calling_rules import read_calling_rules
from app.config.push_hosts import names_hosts
from app.config.webhook_hosts import names_places

SHORTEST_SECRET = 16
MAILBOX = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>\s]+)>|(?P<bare>[^<>\s]+)")
SPECIALS = re.compile(r"[^\w !#$%&'*+/=?^`{|}~-]")
"""What stands in a name in quotes only: RFC 5322, 3.2.3."""
SMTP = TypeAdapter(Annotated[AnyUrl, UrlConstraints(allowed_schemes=["smtp", "smtps"], host_required=True)])


def split(value: str) -> list[str]:
    """What stands between the commas."""
    return [part.strip() for part in value.split(",") if part.strip()]


def is_loopback(url: str) -> bool:
    """Whether it leads to this machine alone."""
    host = (HttpUrl(url).host or "").strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_elsewhere(host: str | None) -> bool:
    """Whether a server is on another machine. None means a local socket."""
    return host is not None and not is_loopback(f"http://{f'[{host}]' if ':' in host else host}")


def _must(holds: Callable[[str], object], words: str) -> BeforeValidator:
    """Says `words` of text, if any, of which `holds` is not true, or raises ValueError, as pydantic's types do."""

    def check(text: str) -> str:
        with suppress(ValueError):
            if not text or holds(text):
                return text
        raise ValueError(words)

    return BeforeValidator(check)


def _shape(pattern: str, words: str) -> BeforeValidator:
    return _must(re.compile(pattern).fullmatch, words)


def _origin(text: str) -> str:
    with suppress(ValueError):
        url = HttpUrl(text)
        if url == HttpUrl.build(scheme=url.scheme, host=url.host or "", port=url.port):
            return str(url).rstrip("/")
    raise ValueError("must be http(s)://host[:port] with no path")


def _mailbox(text: str) -> str:
    """A name, as it is written or quoted, and an address: as one mailbox of RFC 5322, in ASCII but for the name."""
    found = MAILBOX.fullmatch(text.strip())
    if found is not None:
        with suppress(EmailNotValidError):
            valid = validate_email(
                found["bare"] or found["address"],
                check_deliverability=False,
                test_environment=True,
                allow_smtputf8=False,
            )
            name = (found["name"] or "").strip().strip('"').replace("\\", "").replace('"', "'")
            said = f'"{name}"' if SPECIALS.search(name) else name
            return f"{said} <{valid.ascii_email}>" if name else str(valid.ascii_email)
    raise ValueError("must be an address, or a name and an address such as Dibs <referrals@host>")


def _postgres(text: str) -> str:
    """Any spelling of a Postgres address means the one driver that is installed.

    SQLAlchemy reads it: pydantic's PostgresDsn refuses one without a host, such as a socket's.
    """
    with suppress(ArgumentError, ValueError):
        url = make_url(text)
        if url.get_backend_name() in ("postgresql", "postgres"):
            return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    raise ValueError("must begin with postgresql://")


def _calling_rules(text: str) -> str:
    if text:
        read_calling_rules(text)  # tomllib's error is a ValueError as well, and says which line
    return text


def _is_p256_scalar(text: str) -> bool:
    octets = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return len(octets) == 32 and bool(derive_private_key(int.from_bytes(octets), SECP256R1()))  # noqa: PLR2004


def _are_two_hours(text: str) -> bool:
    first, last = (int(hour) for hour in text.split("-"))
    return 0 <= first < last <= 24  # noqa: PLR2004


SecretKeys = Annotated[
    SecretStr,
    _must(
        lambda text: min(map(len, split(text)), default=0) >= SHORTEST_SECRET,
        f"each key needs {SHORTEST_SECRET} characters or more",
    ),
]
OptionalKeys = Annotated[
    SecretStr,
    _must(
        lambda text: not split(text) or min(map(len, split(text))) >= SHORTEST_SECRET,
        f"each key needs {SHORTEST_SECRET} characters or more",
    ),
]
HookKey = Annotated[SecretStr, _shape(rf".{{{SHORTEST_SECRET},}}", f"needs {SHORTEST_SECRET} characters or more")]
VapidKey = Annotated[SecretStr, _must(_is_p256_scalar, "must be base64url of 32 bytes")]
DatabaseUrl = Annotated[SecretStr, BeforeValidator(_postgres)]
RedisUrl = Annotated[
    SecretStr,
    _must(lambda text: text.startswith("unix://") or RedisDsn(text), "must begin with redis://, rediss:// or unix://"),
]
MailUrl = Annotated[SecretStr, _must(SMTP.validate_python, "must be smtp://user:password@host:port")]
Origin = Annotated[str, BeforeValidator(_origin)]
"""Scheme, host and port, without a slash at the end."""
AccountSid = Annotated[str, _shape(r"AC[0-9a-fA-F]{32}", "must be AC and 32 hex digits")]
Number = Annotated[str, _shape(r"\+[1-9]\d{6,14}", "must be a number such as +15125550100")]
# No EmailStr: it takes a name beside the address, and drops it.
Address = Annotated[str, _shape(r"[^@\s]+@[^@\s]+", "must be an address such as bounces@host")]
Mailbox = Annotated[str, BeforeValidator(_mailbox)]
"""An address, with or without a name."""
InnerHosts = Annotated[str, _must(names_places, "hosts separated by commas, such as crm.internal,10.0.0.5:8080")]
Hosts = Annotated[str, _must(names_hosts, "hosts separated by commas, such as fcm.googleapis.com,*.push.apple.com")]
Hours = Annotated[str, _must(_are_two_hours, "two hours such as 8-21, the first before the second, 0-24 for any time")]
Rules = Annotated[str, BeforeValidator(_calling_rules)]
"""The text of a calling rules file."""
Countries = Annotated[
    str,
    _must(
        lambda text: split(text) and set(split(text)) <= phonenumbers.SUPPORTED_REGIONS,
        "two-letter countries separated by commas, such as US,CA",
    ),
]
Pooler = Annotated[str, _must(("none", "transaction").__contains__, "must be none or transaction")]
