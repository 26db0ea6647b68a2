"""All models, so that the metadata is whole wherever it is asked for."""

from app.calls.models import Call, CallEvent, Pin
from app.claims.models import Claim, LateClaim
from app.core.heartbeat import Heartbeat
from app.notify.models import Notification, Receipt
from app.offers.models import Offer
from app.people.models import Account, Agent, ApiKey, IdempotentAnswer, SignInLink, Team
from app.people.number_models import NumberChange
from app.referrals.models import Client, ClientView, Referral

__all__ = [
    "Account",
    "Agent",
    "ApiKey",
    "Call",
    "CallEvent",
    "Claim",
    "Client",
    "ClientView",
    "Heartbeat",
    "IdempotentAnswer",
    "LateClaim",
    "Notification",
    "NumberChange",
    "Offer",
    "Pin",
    "Receipt",
    "Referral",
    "SignInLink",
    "Team",
]
