"""All models, and all kinds of message, so that both are whole wherever they are asked for.

What is declared in a `notices.py` that is not named here does not exist: no row of it, no check for it.
"""

from sqlalchemy import DDL, event

import app.access.joining_notices
import app.access.notices
import app.bookings.notices
import app.calls.notices
import app.claims.notices
import app.desk.notices
import app.inbound.notices
import app.inbound.text_notices
import app.notifications.reach.notices
import app.numbers.notices
import app.offers.notices
import app.pipeline.handover_notices
import app.pipeline.notices
import app.routing.notices
import app.webhooks.notices  # noqa: F401
from app.access.models import (
    ApiKey,
    Authenticator,
    IdempotentAnswer,
    Invitation,
    JoinRequest,
    Passkey,
    RecoveryCode,
    SignedIn,
    SignInLink,
)
from app.bookings.models import Booking
from app.calls.models import Call, CallEvent, Pin
from app.claims.models import Claim, LateClaim
from app.clients.asking import GateAnswer
from app.clients.models import Client, Consent
from app.clients.wishes import DoNotContact
from app.core.database.changes import Change, keep_changes
from app.core.heartbeat import Heartbeat
from app.desk.models import DeskAction
from app.extensions import Model
from app.history.offer_facts import OfferFact
from app.inbound.client_calls import ClientCall
from app.inbound.client_reply import ClientReply
from app.inbound.voicemails import Voicemail
from app.notifications.channels.models import AgentChannel, PushSubscription
from app.notifications.checks import declare_checks
from app.notifications.inbound_sms import InboundText
from app.notifications.models import Notification, Receipt, Throttle
from app.numbers.models import NumberChange
from app.offers.models import Offer, OfferLook
from app.people.models import Account, Agent, AgentArea, AgentHours, Team
from app.pipeline.models import Deal, DealEvent, Handover, Note
from app.referrals.models import ClientView, Referral
from app.referrals.responses import ClientResponse
from app.routing.models import AgentRecord, Routed, RulesVersion, Verdict
from app.terms.models import TermsAcceptance, TermsVersion
from app.transfers.models import Transfer
from app.webhooks.models import Delivery, Endpoint, Event

declare_checks()
event.listen(Model.metadata, "before_create", DDL("CREATE EXTENSION IF NOT EXISTS pg_trgm"))  # type: ignore[no-untyped-call]
# What people change. Of a referral only that it was sent, and by whom: what is in it is the client's.
keep_changes(
    {
        Team: ("name", "paused_at"),
        Account: ("email", "is_admin", "is_viewer"),
        Agent: (
            "name", "phone", "brokerage", "time_zone", "team_id", "takes_buyers", "takes_sellers", "sms_consent_at",
            "paused_at", "left_at", "is_lead", "language", "price_min", "price_max", "speaks", "licences",
            "most_clients", "most_a_day", "ring_first", "call_consent_at",
        ),
        ApiKey: ("name", "revoked_at"),
        Referral: (),
        RulesVersion: ("number",),
        TermsVersion: ("number",),
        DeskAction: ("undone_at",),
        Invitation: ("ended_at",),
        Endpoint: ("url", "topics", "off_at", "removed_at"),
    }
)  # fmt: skip
# A client who is sent again may have another name or email by now: what was told before is not lost.
# A request to join changes nothing by itself; only the answer to it is recorded.
keep_changes(
    {
        Client: ("name", "given_name", "email", "language", "time_zone", "prefers"),
        JoinRequest: ("decided_at", "agent_id"),
    },
    also_made=False,
)

__all__ = [
    "Account",
    "Agent",
    "AgentArea",
    "AgentChannel",
    "AgentHours",
    "AgentRecord",
    "ApiKey",
    "Authenticator",
    "Booking",
    "Call",
    "CallEvent",
    "Change",
    "Claim",
    "Client",
    "ClientCall",
    "ClientReply",
    "ClientResponse",
    "ClientView",
    "Consent",
    "Deal",
    "DealEvent",
    "Delivery",
    "DeskAction",
    "DoNotContact",
    "Endpoint",
    "Event",
    "GateAnswer",
    "Handover",
    "Heartbeat",
    "IdempotentAnswer",
    "InboundText",
    "Invitation",
    "JoinRequest",
    "LateClaim",
    "Note",
    "Notification",
    "NumberChange",
    "Offer",
    "OfferFact",
    "OfferLook",
    "Passkey",
    "Pin",
    "PushSubscription",
    "Receipt",
    "RecoveryCode",
    "Referral",
    "Routed",
    "RulesVersion",
    "SignInLink",
    "SignedIn",
    "Team",
    "TermsAcceptance",
    "TermsVersion",
    "Throttle",
    "Transfer",
    "Verdict",
    "Voicemail",
]
