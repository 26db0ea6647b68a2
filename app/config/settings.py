"""The settings themselves: name, type, default. What is wrong with one is said in checks.py."""

import re
from functools import cached_property
from typing import Any, Literal

import phonenumbers
from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from app.config.development import development_defaults
from app.core.push_hosts import PUSH_SERVICES

LONGEST_PUBLIC_URL = 40
"""Characters. Longer, and the SMS with a link no longer fits one GSM-7 segment (app/notify)."""


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
        return {**development_defaults(), **{name: value for name, value in values.items() if value}}

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


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]
