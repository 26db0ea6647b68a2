"""Settings from the environment, typed. At start every missing or wrong one is named, all in one message.

Any setting may come from a file named by `NAME_FILE` (as container secrets do).
"""

import base64
import binascii
import ipaddress
import os
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import phonenumbers
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from app.core.localdir import socket_dir

DEVELOPMENT_SECRET = "development-only-secret-key-never-for-a-real-network"
DEVELOPMENT_VAPID_KEY = "TA8BLSaSZwBpEWyudGQnTggXdgTrWkbfsGi-w4pZWWI"
PUSH_SERVICES = (
    "fcm.googleapis.com,updates.push.services.mozilla.com,*.push.services.mozilla.com,web.push.apple.com,"
    "*.push.apple.com,*.notify.windows.com"
)
"""Where Chrome, Firefox, Safari and Edge have push messages sent."""
DEVELOPMENT: dict[str, Any] = {
    "secret_key": DEVELOPMENT_SECRET,
    "public_url": "http://localhost:8000",
    "twilio_account_sid": "AC" + "d1b5" * 8,
    "twilio_auth_token": "sandbox-auth-token-of-no-real-account",
    "twilio_api_url": "http://127.0.0.1:8001",
    "twilio_call_from": "+15125550100",
    "twilio_sms_from": "+15125550101",
    "mail_url": "smtp://127.0.0.1:8025",
    "mail_from": "Dibs <referrals@dibs.example>",
    "mail_bounces_to": "bounces@dibs.example",
    "mail_hook_key": "development-only-mail-hook-key",
    "vapid_private_key": DEVELOPMENT_VAPID_KEY,
    "vapid_subject": "mailto:referrals@dibs.example",
    "push_hosts": f"127.0.0.1:8001,localhost:8001,{PUSH_SERVICES}",
}
SHORTEST_SECRET = 16
LONGEST_PUBLIC_URL = 40
"""Characters. Longer, and the SMS with a link no longer fits one GSM-7 segment (app/notify)."""
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PUSH_HOST = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+|(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}", re.IGNORECASE)
"""A host, any host below one, or a port of this machine: see app/core/push_hosts.py."""


class SettingsError(Exception):
    """Settings are missing or wrong; `problems` has one line for each, beginning with its name."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """All settings. Names in the environment are these in capitals."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True, frozen=True)

    dibs_env: Literal["development", "production"] = "development"
    secret_key: str = ""
    database_url: str = ""
    redis_url: str = ""
    public_url: str = ""
    brand_name: str = Field(default="Dibs", max_length=80)

    twilio_account_sid: str = ""
    twilio_auth_token: str = ""
    twilio_api_url: str = ""
    twilio_call_from: str = ""
    twilio_sms_from: str = ""
    twilio_messaging_service_sid: str = ""

    mail_url: str = ""
    mail_from: str = ""
    mail_bounces_to: str = ""
    """Where mail that cannot be delivered comes back to; empty: to MAIL_FROM."""
    mail_hook_key: str = ""
    """What whoever hands us bounces proves itself by; empty: nobody does."""

    vapid_private_key: str = ""
    vapid_subject: str = ""
    push_hosts: str = PUSH_SERVICES

    offer_minutes: int = Field(default=30, ge=1, le=7 * 24 * 60)
    ring_seconds: int = Field(default=20, ge=5, le=60)
    client_hours: str = "8-21"
    allowed_countries: str = "US,CA"
    texts_per_second: float = Field(default=10, gt=0, le=1000)
    calls_per_second: float = Field(default=1, gt=0, le=100)
    trusted_proxies: int = Field(default=0, ge=0, le=5)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings

    @model_validator(mode="before")
    @classmethod
    def _development_defaults(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values.get("dibs_env", "development") != "development":
            return values
        sockets = socket_dir()
        local = {
            "database_url": f"postgresql+psycopg://postgres@/dibs?host={sockets}",
            "redis_url": f"unix://{sockets}/valkey.sock?db=0",
        }
        return {**DEVELOPMENT, **local, **{name: value for name, value in values.items() if value}}

    @field_validator("database_url")
    @classmethod
    def _use_psycopg(cls, url: str) -> str:
        """Any spelling of a Postgres URL means the one driver that is installed."""
        return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", url)

    @field_validator("public_url")
    @classmethod
    def _no_trailing_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @field_validator("client_hours")
    @classmethod
    def _two_hours(cls, value: str) -> str:
        match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", value.strip())
        if not match or not 0 <= int(match[1]) < int(match[2]) <= 24:  # noqa: PLR2004
            raise ValueError("two hours such as 8-21, the first before the second, 0-24 for any time")
        return value.strip()

    @field_validator("allowed_countries")
    @classmethod
    def _known_countries(cls, value: str) -> str:
        unknown = [code for code in _split(value) if code not in phonenumbers.SUPPORTED_REGIONS]
        if unknown or not _split(value):
            raise ValueError("two-letter countries separated by commas, such as US,CA")
        return value

    @cached_property
    def secret_keys(self) -> tuple[bytes, ...]:
        """Newest first: the first signs, all verify."""
        return tuple(key.encode() for key in _split(self.secret_key))

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Where calls and texts may go; the first is assumed for numbers typed without a country."""
        return tuple(_split(self.allowed_countries))

    @cached_property
    def calling_hours(self) -> tuple[int, int]:
        """From and until, in hours of the client's day."""
        first, _, last = self.client_hours.partition("-")
        return int(first), int(last)

    @property
    def is_production(self) -> bool:
        return self.dibs_env == "production"

    @property
    def sends_push(self) -> bool:
        """Push is off until it has a key."""
        return bool(self.vapid_private_key)


def load_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """The settings of this process. Raises SettingsError naming every missing or wrong one."""
    env = dict(os.environ if environ is None else environ)
    problems: list[str] = []
    given = {**_from_files(env, problems), **overrides}
    try:
        settings = _build(env, given)
    except ValidationError as error:
        problems += [f"{str(e['loc'][0]).upper()}: {_plain(e['msg'])}" for e in error.errors()]
        raise SettingsError(sorted(problems)) from None
    if settings.is_production:
        problems += _production_problems(settings)
    problems += _format_problems(settings)
    if problems:
        raise SettingsError(sorted(set(problems)))
    return settings


def _build(env: Mapping[str, str], given: dict[str, Any]) -> Settings:
    names = {name.upper(): name for name in Settings.model_fields}
    values = {names[key]: value for key, value in env.items() if key in names and value.strip()}
    return Settings.model_validate({**values, **given})


def _from_files(env: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    found = {}
    for name in Settings.model_fields:
        path = env.get(f"{name.upper()}_FILE")
        if not path:
            continue
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except OSError:
            problems.append(f"{name.upper()}_FILE: cannot be read")
    return found


def _production_problems(s: Settings) -> list[str]:
    required = (
        "secret_key", "database_url", "redis_url", "public_url", "twilio_account_sid", "twilio_auth_token",
        "twilio_call_from", "mail_url", "mail_from",
    )  # fmt: skip
    problems = [f"{name.upper()}: missing" for name in required if not getattr(s, name)]
    if not (s.twilio_sms_from or s.twilio_messaging_service_sid):
        problems.append("TWILIO_SMS_FROM: missing (or give TWILIO_MESSAGING_SERVICE_SID)")
    if DEVELOPMENT_SECRET in s.secret_key:
        problems.append("SECRET_KEY: the development key is known to everybody")
    if s.vapid_private_key == DEVELOPMENT_VAPID_KEY:
        problems.append("VAPID_PRIVATE_KEY: the development key is known to everybody")
    if s.public_url.startswith("http://") and not _is_loopback(s.public_url):
        problems.append("PUBLIC_URL: must begin with https://")
    return problems


def _format_problems(s: Settings) -> list[str]:
    problems = []
    if any(len(key) < SHORTEST_SECRET for key in s.secret_keys):
        problems.append(f"SECRET_KEY: each key needs {SHORTEST_SECRET} characters or more")
    if s.database_url and not s.database_url.startswith("postgresql"):
        problems.append("DATABASE_URL: must begin with postgresql://")
    if s.redis_url and not re.match(r"(rediss?|unix)://", s.redis_url):
        problems.append("REDIS_URL: must begin with redis://, rediss:// or unix://")
    if s.public_url and not _is_web_url(s.public_url):
        problems.append("PUBLIC_URL: must be http(s)://host with no path")
    if len(s.public_url) > LONGEST_PUBLIC_URL:
        problems.append(f"PUBLIC_URL: at most {LONGEST_PUBLIC_URL} characters, so that an SMS stays one segment")
    if s.twilio_account_sid and not re.fullmatch(r"AC[0-9a-fA-F]{32}", s.twilio_account_sid):
        problems.append("TWILIO_ACCOUNT_SID: must be AC and 32 hex digits")
    if s.twilio_api_url and not _is_web_url(s.twilio_api_url):
        problems.append("TWILIO_API_URL: must be http(s)://host[:port]")
    if s.mail_url and not re.match(r"smtps?://[^/]+", s.mail_url):
        problems.append("MAIL_URL: must be smtp://user:password@host:port")
    if s.mail_bounces_to and not re.fullmatch(r"[^@\s]+@[^@\s]+", s.mail_bounces_to):
        problems.append("MAIL_BOUNCES_TO: must be an address such as bounces@host")
    if s.mail_hook_key and len(s.mail_hook_key) < SHORTEST_SECRET:
        problems.append(f"MAIL_HOOK_KEY: needs {SHORTEST_SECRET} characters or more")
    for name in ("twilio_call_from", "twilio_sms_from"):
        if getattr(s, name) and not re.fullmatch(r"\+[1-9]\d{6,14}", getattr(s, name)):
            problems.append(f"{name.upper()}: must be a number such as +15125550100")
    return problems + _push_problems(s)


def _push_problems(s: Settings) -> list[str]:
    problems = []
    if s.vapid_private_key and not _is_p256_scalar(s.vapid_private_key):
        problems.append("VAPID_PRIVATE_KEY: must be base64url of 32 bytes")
    if s.vapid_private_key and not re.match(r"(mailto:\S+@\S+|https://\S+)$", s.vapid_subject):
        problems.append("VAPID_SUBJECT: must be mailto:somebody@host or https://...")
    if not all(PUSH_HOST.fullmatch(host) for host in _split(s.push_hosts)):
        problems.append("PUSH_HOSTS: hosts separated by commas, such as fcm.googleapis.com,*.push.apple.com")
    return problems


def _is_web_url(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.path in ("", "/")


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


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")
