"""What works and could be safer is said."""

import pytest

from app.config import load_settings
from app.config.weak import weaknesses
from tests.config.test_settings import REAL

SAFE = {
    "DATABASE_URL": "postgresql://dibs:secret@db.example/dibs?sslmode=verify-full",
    "REDIS_URL": "rediss://:secret@cache.example:6379/0",
    "MAIL_URL": "smtp://user:secret@mail.example",
}
HERE = {
    "DATABASE_URL": "postgresql:///dibs?host=/var/run/postgresql",
    "REDIS_URL": "unix:///run/valkey/socket",
    "MAIL_URL": "smtp://127.0.0.1:25",
}


@pytest.mark.parametrize("given", [SAFE, HERE, {"REDIS_URL": "redis://[::1]:6379", "MAIL_URL": "smtp://localhost"} | {
    "DATABASE_URL": "postgresql://127.0.0.1/dibs"}])  # fmt: skip
def test_of_what_is_safe_nothing_is_said(given: dict[str, str]) -> None:
    assert list(weaknesses(load_settings(REAL | given))) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://dibs:secret@db.example/dibs"),
        ("DATABASE_URL", "postgresql://dibs:secret@db.example/dibs?sslmode=require"),
        ("REDIS_URL", "redis://:secret@cache.example:6379/0"),
        ("MAIL_URL", "smtp://mail.example"),
    ],
)
def test_each_weakness_is_named_without_its_secret(name: str, value: str) -> None:
    (said,) = weaknesses(load_settings(REAL | SAFE | {name: value}))
    assert said.startswith(f"{name}: ")
    assert "secret" not in said
