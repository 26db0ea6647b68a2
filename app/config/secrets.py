"""The settings that nobody may read in a log. They show as asterisks; properties hand them out."""

from enum import Enum, auto
from functools import cached_property
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationInfo, field_validator

from app.config import values
from app.config.development import DEVELOPMENT, SECRETS

HIDDEN = "hidden_"
"""Begins the names of their fields, not those in the environment."""
NONE = SecretStr("")
FEWEST_CHARACTERS = 8
"""Different ones, in a key that strangers can try to guess."""


class Reach(Enum):
    """Who can come to PUBLIC_URL: the context in which settings are validated."""

    THIS_MACHINE = auto()
    ANYBODY = auto()


class Secrets(BaseModel):
    """Those of them that are addresses have a password inside."""

    model_config = ConfigDict(
        frozen=True, hide_input_in_errors=True, alias_generator=lambda name: name.removeprefix(HIDDEN).upper()
    )

    dibs_env: Literal["development", "production"] = "development"
    hidden_secret_key: values.SecretKeys
    hidden_suppression_key: values.OptionalKeys = NONE
    """Hashes the phones on the do-not-contact list; if empty, SECRET_KEY is used."""
    hidden_database_url: values.DatabaseUrl
    hidden_redis_url: values.RedisUrl
    hidden_twilio_auth_token: SecretStr
    hidden_mail_url: values.MailUrl
    hidden_mail_hook_key: values.HookKey = NONE
    """Proves that a bounce comes from our mail server; empty: none is taken."""
    hidden_vapid_private_key: values.VapidKey = NONE

    @field_validator(
        "hidden_secret_key", "hidden_twilio_auth_token", "hidden_mail_hook_key", "hidden_vapid_private_key"
    )
    @classmethod
    def _own_where_others_come(cls, key: SecretStr, info: ValidationInfo) -> SecretStr:
        known = any(DEVELOPMENT[name] in key.get_secret_value() for name in SECRETS)
        if known and (info.data.get("dibs_env") == "production" or info.context is Reach.ANYBODY):
            raise ValueError("the development key is known to everybody")
        return key

    @field_validator("hidden_twilio_auth_token")
    @classmethod
    def _some_token(cls, tokens: SecretStr) -> SecretStr:
        if not values.split(tokens.get_secret_value()):
            raise ValueError("missing")
        return tokens

    @field_validator("hidden_secret_key")
    @classmethod
    def _hard_to_guess(cls, keys: SecretStr, info: ValidationInfo) -> SecretStr:
        fewest = min((len(set(key)) for key in values.split(keys.get_secret_value())), default=0)
        if info.context is Reach.ANYBODY and fewest < FEWEST_CHARACTERS:
            raise ValueError("too easy to guess: draw it at random, as with openssl rand -hex 32")
        return keys

    @field_validator("hidden_redis_url")
    @classmethod
    def _redis_has_a_password(cls, url: SecretStr, info: ValidationInfo) -> SecretStr:
        parts = urlsplit(url.get_secret_value())
        if info.context is Reach.ANYBODY and values.is_elsewhere(parts.hostname) and not parts.password:
            raise ValueError("needs a password on another machine: anyone who can write to Redis controls the workers")
        return url

    @property
    def secret_keys(self) -> tuple[bytes, ...]:
        """Newest first: the first signs, all verify."""
        return tuple(key.encode() for key in values.split(self.hidden_secret_key.get_secret_value()))

    @cached_property
    def contact_keys(self) -> tuple[bytes, ...]:
        """Newest first: the first hashes, all are used for lookups."""
        own = tuple(key.encode() for key in values.split(self.hidden_suppression_key.get_secret_value()))
        return own or self.secret_keys

    @property
    def database_url(self) -> str:
        return self.hidden_database_url.get_secret_value()

    @property
    def redis_url(self) -> str:
        return self.hidden_redis_url.get_secret_value()

    @property
    def twilio_auth_tokens(self) -> tuple[str, ...]:
        """Newest first: we authenticate with the first, and accept signatures made with any of them."""
        return tuple(values.split(self.hidden_twilio_auth_token.get_secret_value()))

    @property
    def twilio_auth_token(self) -> str:
        return self.twilio_auth_tokens[0]

    @property
    def mail_url(self) -> str:
        return self.hidden_mail_url.get_secret_value()

    @property
    def mail_hook_key(self) -> str:
        return self.hidden_mail_hook_key.get_secret_value()

    @property
    def vapid_private_key(self) -> str:
        return self.hidden_vapid_private_key.get_secret_value()
