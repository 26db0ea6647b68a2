"""Settings that work but could be safer, for `check-settings`."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from app.config import values
from app.config.settings import Settings

VERIFIED = ("verify-full", "verify-ca")


def weaknesses(settings: Settings) -> Iterator[str]:
    """One line each, beginning with the name of the setting."""
    database, redis, mail = (urlsplit(url) for url in (settings.database_url, settings.redis_url, settings.mail_url))
    if values.is_elsewhere(database.hostname) and parse_qs(database.query).get("sslmode", [""])[0] not in VERIFIED:
        yield "DATABASE_URL: Postgres is on another machine; without sslmode=verify-full the traffic can be intercepted"
    if values.is_elsewhere(redis.hostname) and redis.scheme == "redis":
        yield "REDIS_URL: Redis is on another machine; use rediss:// to encrypt the password and the jobs"
    if values.is_elsewhere(mail.hostname) and mail.scheme == "smtp" and not mail.username:
        yield "MAIL_URL: without a user, mail is sent unencrypted if the server does not offer STARTTLS"
