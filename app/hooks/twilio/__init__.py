"""What the carrier calls. Each request proves itself by the carrier's signature, and carries no cookie."""

from flask import Blueprint

blueprint = Blueprint("hooks", __name__)

from app.hooks.twilio import (  # noqa: F401
    bridge,
    calls,
    check_calls,
    client_calls,
    guard,
    inbound_calls,
    inbound_sms,
    receipts,
    transfers,
)
