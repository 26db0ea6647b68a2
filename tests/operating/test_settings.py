"""Settings are typed; every missing or wrong one is named, all in one message."""

from pathlib import Path

import pytest

from app.config import SettingsError, load_settings
from app.config.development import DEVELOPMENT_SECRET, DEVELOPMENT_VAPID_KEY
from app.core.push_hosts import PUSH_SERVICES
from app.core.vapid import new_private_key

REAL = {
    "DIBS_ENV": "production",
    "SECRET_KEY": "a-real-secret-key-of-forty-characters-xx,the-older-secret-key-xxxx",
    "DATABASE_URL": "postgres://dibs@db/dibs",
    "REDIS_URL": "redis://redis:6379/0",
    "PUBLIC_URL": "https://dibs.example",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_CALL_FROM": "+15125550100",
    "TWILIO_SMS_FROM": "+15125550101",
    "MAIL_URL": "smtp://user:pass@mail.example:587",
    "MAIL_FROM": "Dibs <referrals@dibs.example>",
}

PUSH = {"VAPID_SUBJECT": "mailto:a@dibs.example"}


def problems(**changed: str) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load_settings({**REAL, **changed})
    return [line.partition(":")[0] for line in refused.value.problems]


def test_a_complete_environment_is_taken() -> None:
    settings = load_settings(REAL)
    assert settings.database_url == "postgresql+psycopg://dibs@db/dibs"
    assert len(settings.secret_keys) == 2
    assert (settings.offer_minutes, settings.ring_seconds, settings.calling_hours) == (30, 20, (8, 21))


def test_every_missing_setting_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({"DIBS_ENV": "production"})
    assert [line.partition(":")[0] for line in refused.value.problems] == [
        "DATABASE_URL", "MAIL_FROM", "MAIL_URL", "PUBLIC_URL", "REDIS_URL", "SECRET_KEY", "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN", "TWILIO_CALL_FROM", "TWILIO_SMS_FROM",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("PUBLIC_URL", "http://dibs.example"),
        ("PUBLIC_URL", "https://dibs.example/app"),
        ("PUBLIC_URL", "https://a-very-long-name-of-a-very-large-network.example"),
        ("DATABASE_URL", "sqlite:///dibs.db"),
        ("REDIS_URL", "localhost"),
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("TWILIO_CALL_FROM", "5125550100"),
        ("MAIL_URL", "mail.example"),
        ("MAIL_BOUNCES_TO", "bounces"),
        ("MAIL_BOUNCES_TO", "Bounces <bounces@dibs.example>"),
        ("MAIL_HOOK_KEY", "fifteen-letters"),
        ("OFFER_MINUTES", "soon"),
        ("RING_SECONDS", "600"),
        ("CLIENT_HOURS", "21-8"),
        ("ALLOWED_COUNTRIES", "US,XX"),
        ("CALLS_PER_SECOND", "0"),
        ("TEXTS_PER_SECOND", "0"),
        ("TEXTS_PER_SECOND", "1001"),
        ("TEXTS_PER_SECOND", "many"),
        ("VAPID_PRIVATE_KEY", "x"),
        ("VAPID_PRIVATE_KEY", "A" * 43),
        ("VAPID_PRIVATE_KEY", DEVELOPMENT_VAPID_KEY),
        ("PUSH_HOSTS", "https://fcm.googleapis.com"),
        ("PUSH_HOSTS", "*"),
        ("PUSH_HOSTS", "*.com"),
        ("PUSH_HOSTS", "push.example:8001"),
        ("PUSH_HOSTS", "fcm.googleapis.com, *.push apple.com"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    assert name in problems(**{name: value})


@pytest.mark.parametrize("subject", ["", "referrals@dibs.example", "mailto:referrals", "http://dibs.example"])
def test_with_a_key_push_needs_a_subject(subject: str) -> None:
    """Whom a push service would write to about us: some refuse every message without."""
    assert problems(VAPID_PRIVATE_KEY=new_private_key(), VAPID_SUBJECT=subject) == ["VAPID_SUBJECT"]
    assert not load_settings({**REAL, "VAPID_SUBJECT": subject}).sends_push


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_BOUNCES_TO", "bounces@dibs.example"),
        ("MAIL_HOOK_KEY", "sixteen-letters-"),
        ("TEXTS_PER_SECOND", 0.5),
        ("TEXTS_PER_SECOND", 1000),
        ("VAPID_SUBJECT", "https://dibs.example/contact"),
        ("PUSH_HOSTS", "fcm.googleapis.com, *.Push.Apple.com, 127.0.0.1:8001, [::1]:8001"),
    ],
)
def test_a_right_setting_is_taken(name: str, value: object) -> None:
    settings = load_settings({**REAL, "VAPID_PRIVATE_KEY": new_private_key(), **PUSH, name: str(value)})
    assert getattr(settings, name.lower()) == value


def test_all_that_is_wrong_is_said_in_one_message() -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({**REAL, "MAIL_BOUNCES_TO": "bounces", "MAIL_HOOK_KEY": "short", "PUSH_HOSTS": "*"})
    assert str(refused.value).splitlines() == [
        "MAIL_BOUNCES_TO: must be an address such as bounces@host",
        "MAIL_HOOK_KEY: needs 16 characters or more",
        "PUSH_HOSTS: hosts separated by commas, such as fcm.googleapis.com,*.push.apple.com",
    ]


def test_push_needs_a_key_of_ones_own_and_has_its_hosts() -> None:
    assert not load_settings(REAL).sends_push
    settings = load_settings({**REAL, "VAPID_PRIVATE_KEY": new_private_key(), **PUSH})
    assert settings.sends_push
    assert settings.push_hosts == PUSH_SERVICES


def test_the_development_key_is_refused_in_production() -> None:
    assert problems(SECRET_KEY=DEVELOPMENT_SECRET) == ["SECRET_KEY"]


def test_secrets_may_come_from_files(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("from-a-file\n")
    rest = {name: value for name, value in REAL.items() if name != "TWILIO_AUTH_TOKEN"}
    assert load_settings({**rest, "TWILIO_AUTH_TOKEN_FILE": str(secret)}).twilio_auth_token == "from-a-file"
    with pytest.raises(SettingsError, match="TWILIO_AUTH_TOKEN_FILE: cannot be read"):
        load_settings({**rest, "TWILIO_AUTH_TOKEN_FILE": str(tmp_path / "missing")})
