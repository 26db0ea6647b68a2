"""All models, so that the metadata is whole wherever it is asked for."""

from app.calls.models import Call, CallEvent, Pin
from app.claims.models import Claim, LateClaim
from app.core.heartbeat import Heartbeat
from app.notify.channel_models import AgentChannel, Pace, PushSubscription
from app.notify.models import Notification, Receipt
from app.notify.text_models import InboundText
from app.offers.models import Offer
from app.people.models import Account, Agent, ApiKey, IdempotentAnswer, SignInLink, Team
from app.people.number_models import NumberChange
from app.referrals.models import Client, ClientView, Referral

__all__ = [
    "Account",
    "Agent",
    "AgentChannel",
    "ApiKey",
    "Call",
    "CallEvent",
    "Claim",
    "Client",
    "ClientView",
    "Heartbeat",
    "IdempotentAnswer",
    "InboundText",
    "LateClaim",
    "Notification",
    "NumberChange",
    "Offer",
    "Pace",
    "Pin",
    "PushSubscription",
    "Receipt",
    "Referral",
    "SignInLink",
    "Team",
]
