"""What the settings are in development where the environment says nothing: a network of its own, on loopback."""

from app.config.localdir import socket_dir
from app.config.push_hosts import PUSH_SERVICES

DEVELOPMENT_SECRET = "development-only-secret-key-never-for-a-real-network"
DEVELOPMENT_VAPID_KEY = "TA8BLSaSZwBpEWyudGQnTggXdgTrWkbfsGi-w4pZWWI"
DEVELOPMENT: dict[str, str] = {
    "SECRET_KEY": DEVELOPMENT_SECRET,
    "PUBLIC_URL": "http://localhost:8000",
    "TWILIO_ACCOUNT_SID": "AC" + "d1b5" * 8,
    "TWILIO_AUTH_TOKEN": "sandbox-auth-token-of-no-real-account",
    "TWILIO_API_URL": "http://127.0.0.1:8001",
    "TWILIO_CALL_FROM": "+15125550100",
    "TWILIO_SMS_FROM": "+15125550101",
    "MAIL_URL": "smtp://127.0.0.1:8025",
    "MAIL_FROM": "Dibs <referrals@dibs.example>",
    "MAIL_BOUNCES_TO": "bounces@dibs.example",
    "MAIL_HOOK_KEY": "development-only-mail-hook-key",
    "VAPID_PRIVATE_KEY": DEVELOPMENT_VAPID_KEY,
    "VAPID_SUBJECT": "mailto:referrals@dibs.example",
    "ADMINS_SECOND_FACTOR": "no",
    "PUSH_HOSTS": f"127.0.0.1:8001,localhost:8001,{PUSH_SERVICES}",
}

SECRETS = ("SECRET_KEY", "TWILIO_AUTH_TOKEN", "MAIL_HOOK_KEY", "VAPID_PRIVATE_KEY")
"""Those that prove who somebody is. Here they are known to everybody who can read this file."""


def development_defaults(*, with_secrets: bool) -> dict[str, str]:
    """All of them, with the database and the queue on this machine's private sockets."""
    sockets = socket_dir()
    local = {
        "DATABASE_URL": f"postgresql+psycopg://postgres@/dibs?host={sockets}",
        "REDIS_URL": f"unix://{sockets}/valkey.sock?db=0",
    }
    return {**{name: text for name, text in DEVELOPMENT.items() if with_secrets or name not in SECRETS}, **local}
