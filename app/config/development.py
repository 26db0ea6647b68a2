"""What the settings are in development where the environment says nothing: a network of its own, on loopback."""

from typing import Any

from app.core.localdir import socket_dir
from app.core.push_hosts import PUSH_SERVICES

DEVELOPMENT_SECRET = "development-only-secret-key-never-for-a-real-network"
DEVELOPMENT_VAPID_KEY = "TA8BLSaSZwBpEWyudGQnTggXdgTrWkbfsGi-w4pZWWI"
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


def development_defaults() -> dict[str, Any]:
    """All of them, with the database and the queue on this machine's private sockets."""
    sockets = socket_dir()
    local = {
        "database_url": f"postgresql+psycopg://postgres@/dibs?host={sockets}",
        "redis_url": f"unix://{sockets}/valkey.sock?db=0",
    }
    return {**DEVELOPMENT, **local}
