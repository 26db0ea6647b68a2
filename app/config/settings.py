"""The settings themselves: name, type, default. What a value has to look like is said in values.py."""

import re
from functools import cached_property

from pydantic import Field, ValidationInfo, field_validator

from app.config import values
from app.config.push_hosts import PUSH_SERVICES
from app.config.secrets import Secrets

LONGEST_PUBLIC_URL = 40
"""Characters. Longer, and the SMS with a link no longer fits one GSM-7 segment (app/notifications/wording)."""


class Settings(Secrets):
    """All settings. Names in the environment are these in capitals."""

    public_url: values.Origin
    brand_name: str = Field(default="Dibs", max_length=80)

    twilio_account_sid: values.AccountSid
    twilio_api_url: values.Origin = ""
    twilio_call_from: values.Number
    desk_phone: values.Number = ""
    """The network's own office, in E.164: rung when a client calls and no agent takes it."""
    hand_over: bool = True
    """Whether an agent may hand a client over to a teammate, who has to accept."""
    voicemail: bool = True
    """Whether a client who rings us and reaches nobody can leave a message."""
    twilio_messaging_service_sid: str = ""
    twilio_sms_from: values.Number = Field(default="", validate_default=True)

    mail_from: values.Mailbox
    mail_bounces_to: values.Address = ""
    """Where mail that cannot be delivered comes back to; empty: to MAIL_FROM."""

    vapid_subject: str = Field(default="", validate_default=True)
    push_hosts: values.Hosts = PUSH_SERVICES
    webhook_hosts: values.InnerHosts = ""
    """Hosts that webhooks may go to beside the public ones, and without https."""

    offer_minutes: int = Field(default=30, ge=1, le=7 * 24 * 60)
    ring_seconds: int = Field(default=20, ge=5, le=60)
    client_hours: values.Hours = "8-21"
    talk_seconds: int = Field(default=5, ge=0, le=60)
    """The shortest time on the line, in seconds, that counts as a talk with the client."""
    calling_rules: values.Rules = ""
    """The hours of each state as TOML; empty: our own table (app/clients/calling_rules.toml)."""
    client_calls_a_day: int = Field(default=6, ge=1)
    client_calls: int = Field(default=20, ge=1)
    """The most calls to a client about one referral: in 24 hours, and in total."""
    consent_required: bool = False
    """Whether every referral must come with a consent record."""
    duplicate_hours: int = Field(default=24, ge=0, le=30 * 24)
    """A duplicate need within this time is held for an admin; 0 disables it."""
    allowed_countries: values.Countries = "US,CA"
    texts_per_second: float = Field(default=10, gt=0, le=1000)
    welcome_texts: bool = True
    """Whether an agent who is added gets a text that says so; off while agents are moved here from another system."""
    calls_per_second: float = Field(default=1, gt=0, le=100)
    calls_per_hour: int = Field(default=3000, ge=1)
    texts_per_hour: int = Field(default=10_000, ge=1)
    """Ceilings for the whole network: what is beyond is not placed, or waits, and the admins hear of it."""
    trusted_proxies: int | None = Field(default=None, ge=0, le=5, validate_default=True)
    """Proxies of ours before this app, of which each adds its visitor to X-Forwarded-For."""
    admins_second_factor: bool = True
    """Whether the desk opens only to a passkey, or to a second factor beside the mailed link."""
    database_pooler: values.Pooler = "none"

    @field_validator("public_url")
    @classmethod
    def _short_and_secure(cls, url: str, info: ValidationInfo) -> str:
        if len(url) > LONGEST_PUBLIC_URL:
            raise ValueError(f"at most {LONGEST_PUBLIC_URL} characters, so that an SMS stays one segment")
        if info.data.get("dibs_env") == "production" and url.startswith("http://") and not values.is_loopback(url):
            raise ValueError("must begin with https://")
        return url

    @field_validator("twilio_sms_from")
    @classmethod
    def _some_sender_of_texts(cls, number: str, info: ValidationInfo) -> str:
        if not number and not info.data["twilio_messaging_service_sid"]:
            raise ValueError("missing (or give TWILIO_MESSAGING_SERVICE_SID)")
        return number

    @field_validator("vapid_subject")
    @classmethod
    def _push_has_a_subject(cls, subject: str, info: ValidationInfo) -> str:
        # A key that is wrong is not among the data, and is a key all the same.
        if info.data.get("hidden_vapid_private_key", True) and not re.fullmatch(r"mailto:\S+@\S+|https://\S+", subject):
            raise ValueError("must be mailto:somebody@host or https://...")
        return subject

    @field_validator("trusted_proxies")
    @classmethod
    def _decided(cls, proxies: int | None, info: ValidationInfo) -> int | None:
        if (
            proxies is None
            and info.data.get("dibs_env") == "production"
            and not values.is_loopback(info.data.get("public_url", "http://localhost"))
        ):
            raise ValueError("missing: how many proxies stand before Dibs; 0 if there is none")
        return proxies

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Where calls and texts may go; the first is assumed for numbers typed without a country."""
        return tuple(values.split(self.allowed_countries))

    @cached_property
    def calling_hours(self) -> tuple[int, int]:
        """From and until, in hours of the client's day."""
        first, _, last = self.client_hours.partition("-")
        return int(first), int(last)

    @property
    def is_pooled(self) -> bool:
        """Whether each transaction may have another of Postgres's sessions."""
        return self.database_pooler == "transaction"

    @property
    def is_secure(self) -> bool:
        """Whether people reach us over https."""
        return self.public_url.startswith("https://")

    @property
    def sends_push(self) -> bool:
        """Push is off until it has a key."""
        return bool(self.vapid_private_key)
