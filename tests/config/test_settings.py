"""Settings are typed; every missing or wrong one is named, all in one message."""

from pathlib import Path

import pytest

from app.config import SettingsError, load_settings
from app.config.development import DEVELOPMENT, DEVELOPMENT_SECRET, DEVELOPMENT_VAPID_KEY, SECRETS
from app.config.push_hosts import PUSH_SERVICES
from app.providers.webpush.keys import new_private_key

REAL = {
    "DIBS_ENV": "production",
    "SECRET_KEY": "a-real-secret-key-of-forty-characters-xx,the-older-secret-key-xxxx",
    "DATABASE_URL": "postgres://dibs@db/dibs",
    "REDIS_URL": "redis://:redis-password@redis:6379/0",
    "PUBLIC_URL": "https://dibs.example",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_CALL_FROM": "+15125550100",
    "TWILIO_SMS_FROM": "+15125550101",
    "MAIL_URL": "smtp://user:pass@mail.example:587",
    "MAIL_FROM": "Dibs <referrals@dibs.example>",
    "TRUSTED_PROXIES": "1",
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


def test_production_wants_a_decision_on_proxies() -> None:
    assert problems(TRUSTED_PROXIES="") == ["TRUSTED_PROXIES"]
    assert load_settings({**REAL, "TRUSTED_PROXIES": "0"}).trusted_proxies == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DIBS_ENV", "staging"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", ","),
        ("PUBLIC_URL", "http://dibs.example"),
        ("PUBLIC_URL", "https://dibs.example/app"),
        ("PUBLIC_URL", "https://a-very-long-name-of-a-very-large-network.example"),
        ("PUBLIC_URL", "https://dibs.example?app"),
        ("TWILIO_API_URL", "api.twilio.com"),
        ("DATABASE_URL", "sqlite:///dibs.db"),
        ("DATABASE_URL", "postgresql://db:port/dibs"),
        ("DATABASE_POOLER", "pgbouncer"),
        ("REDIS_URL", "localhost"),
        ("REDIS_URL", "redis://cache.example:6379/0"),
        ("REDIS_URL", "rediss://cache.example:6379/0"),
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("TWILIO_CALL_FROM", "5125550100"),
        ("MAIL_URL", "mail.example"),
        ("MAIL_URL", "smtp://"),
        ("MAIL_URL", "smtp://h:port"),
        ("MAIL_FROM", "no address"),
        ("MAIL_FROM", "Dibs <referrals>"),
        ("MAIL_FROM", "a@dibs.example, b@dibs.example"),
        ("MAIL_FROM", "Dibs <josé@dibs.example>"),
        ("TWILIO_AUTH_TOKEN", "tok\nen"),
        ("TWILIO_AUTH_TOKEN", " , "),
        ("BRAND_NAME", "Di\nbs"),
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


@pytest.mark.parametrize("environment", ["production", "development"])
@pytest.mark.parametrize("name", SECRETS)
def test_development_secrets_are_refused_where_others_can_come(name: str, environment: str) -> None:
    assert problems(DIBS_ENV=environment, **PUSH, **{name: DEVELOPMENT[name]}) == [name]


def test_started_by_hand_without_an_environment_it_has_no_secrets_by_default() -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({"PUBLIC_URL": "https://dibs.example"})
    assert refused.value.problems == ["SECRET_KEY: missing", "TWILIO_AUTH_TOKEN: missing"]
    assert not load_settings({**REAL, "DIBS_ENV": "", "MAIL_HOOK_KEY": ""}).mail_hook_key
    assert load_settings({"PUBLIC_URL": "http://127.0.0.1:8000"}).secret_keys == (DEVELOPMENT_SECRET.encode(),)


def test_a_key_that_is_easy_to_guess_is_refused_where_others_can_come() -> None:
    assert problems(SECRET_KEY="a" * 40) == problems(SECRET_KEY=f"{REAL['SECRET_KEY']},{'ab' * 16}") == ["SECRET_KEY"]
    assert load_settings({"SECRET_KEY": "a" * 40}).secret_keys


def test_secrets_may_come_from_files(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("from-a-file\n")
    rest = {name: value for name, value in REAL.items() if name != "TWILIO_AUTH_TOKEN"}
    assert load_settings({**rest, "TWILIO_AUTH_TOKEN_FILE": str(secret)}).twilio_auth_token == "from-a-file"
    with pytest.raises(SettingsError, match="TWILIO_AUTH_TOKEN_FILE: cannot be read"):
        load_settings({**rest, "TWILIO_AUTH_TOKEN_FILE": str(tmp_path / "missing")})


def test_a_mapping_is_all_that_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**REAL, "OFFER_MINUTES": "7", "REDIS_URL_FILE": "/nowhere"}.items():
        monkeypatch.setenv(name, value)
    settings = load_settings({})
    assert (settings.dibs_env, settings.offer_minutes) == ("development", 30)
    assert settings.secret_keys == (DEVELOPMENT_SECRET.encode(),)
    monkeypatch.delenv("REDIS_URL_FILE")
    assert (load_settings().dibs_env, load_settings().offer_minutes) == ("production", 7)


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("PUBLIC_URL", "https://Dibs.example:443/", "https://dibs.example"),
        ("PUBLIC_URL", "http://[::1]:8000", "http://[::1]:8000"),
        ("DATABASE_URL", "postgresql+psycopg2://u:p%40ss@db:5433/dibs", "postgresql+psycopg://u:p%40ss@db:5433/dibs"),
        ("DATABASE_URL", "postgres://u@/dibs?host=/run/pg", "postgresql+psycopg://u@/dibs?host=%2Frun%2Fpg"),
        ("REDIS_URL", "unix:///run/valkey.sock?db=1", "unix:///run/valkey.sock?db=1"),
        ("REDIS_URL", "rediss://:p%40ss@redis", "rediss://:p%40ss@redis"),
        ("MAIL_URL", "smtps://user:p%40ss@mail.example", "smtps://user:p%40ss@mail.example"),
        ("MAIL_FROM", "r@dibs.example", "r@dibs.example"),
        ("MAIL_FROM", "Lakeline Homes, Inc. <r@dibs.example>", '"Lakeline Homes, Inc." <r@dibs.example>'),
        ("MAIL_FROM", '"Lakeline Homes, Inc." <r@dibs.example>', '"Lakeline Homes, Inc." <r@dibs.example>'),
        ("MAIL_FROM", "Peña & Söhne <r@dibs.example>", "Peña & Söhne <r@dibs.example>"),
        ("MAIL_FROM", "Dibs <r@müller.example>", "Dibs <r@xn--mller-kva.example>"),
        ("TWILIO_AUTH_TOKEN", " token\r\n", "token"),
        ("BRAND_NAME", "Dibs\n", "Dibs"),
    ],
)
def test_addresses_may_be_spelled_in_other_ways(name: str, value: str, taken: str) -> None:
    assert getattr(load_settings({**REAL, name: value}), name.lower()) == taken


def test_what_is_missing_is_named_beside_what_is_wrong() -> None:
    assert problems(SECRET_KEY="", OFFER_MINUTES="soon", MAIL_URL="mail.example") == [
        "MAIL_URL", "OFFER_MINUTES", "SECRET_KEY",
    ]  # fmt: skip


def test_secrets_are_not_shown() -> None:
    secrets = {
        "SECRET_KEY": "key-that-signs-links", "DATABASE_URL": "postgresql://dibs:database-password@db/dibs",
        "REDIS_URL": "redis://:redis-password@redis", "TWILIO_AUTH_TOKEN": "token-of-the-account",
        "MAIL_URL": "smtp://user:mail-password@mail.example", "MAIL_HOOK_KEY": "key-of-the-mail-hook",
        "VAPID_PRIVATE_KEY": new_private_key(),
    }  # fmt: skip
    settings = load_settings({**REAL, **PUSH, **secrets})
    secrets |= {"DATABASE_URL": "database-password", "REDIS_URL": "redis-password", "MAIL_URL": "mail-password"}
    shown = [str(settings), repr(settings), str(vars(settings)), str(settings.model_dump()), settings.model_dump_json()]
    assert not [secret for secret in secrets.values() if secret in "\n".join(shown)]


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "MAIL_URL", "MAIL_HOOK_KEY", "VAPID_PRIVATE_KEY"]
)
def test_nor_when_they_are_wrong(name: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({**REAL, name: "://pass"})
    assert "pass" not in str(refused.value).replace("user:password@", "")
    assert refused.value.__context__ is None
