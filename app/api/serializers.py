"""Our objects as the API shows them."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.models import Call
from app.claims.models import Claim
from app.core.language import EN
from app.core.referral_kind import ReferralKind
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.people.models import Agent, Team
from app.people.serves import Serves, serves_of
from app.referrals.models import Referral
from app.referrals.rules import ReferralStatus
from app.terms.models import TermsVersion

DUPLICATE = "duplicate"
"""Why a referral is held."""


def team(row: Team) -> dict[str, Any]:
    """A team."""
    return {
        "id": str(row.id),
        "name": row.name,
        "paused": row.paused_at is not None,
        "created_at": _at(row.created_at),
    }


def agent(session: Session, row: Agent) -> dict[str, Any]:
    """An agent."""
    takes = {ReferralKind.BUYER: row.takes_buyers, ReferralKind.SELLER: row.takes_sellers}
    return {
        "id": str(row.id),
        "name": row.name,
        "email": row.email,
        "phone": row.phone,
        "time_zone": row.time_zone,
        "team_id": str(row.team_id) if row.team_id else None,
        "takes": [kind.value for kind, wanted in takes.items() if wanted],
        "paused": row.paused_at is not None,
        "created_at": _at(row.created_at),
        **({"brokerage": row.brokerage} if row.brokerage else {}),
        **({"lead": True} if row.is_lead else {}),
        **({"language": row.language} if row.language != EN else {}),
        **({"serves": serves} if (serves := _serves(serves_of(session, agent=row))) else {}),
    }


def _serves(serves: Serves) -> dict[str, Any]:
    """What of it is set."""
    known = {
        "areas": [str(area) for area in serves.areas],
        "price": {"min": serves.price[0], "max": serves.price[1]} if serves.price is not None else None,
        "speaks": list(serves.speaks),
        "licences": [str(licence) for licence in serves.licences],
        "most_clients": serves.most_clients,
        "most_a_day": serves.most_a_day,
    }
    return {name: value for name, value in known.items() if value}


def referral(session: Session, row: Referral) -> dict[str, Any]:
    """A referral with what has become of it so far."""
    offers = list(session.scalars(select(Offer).where(Offer.referral_id == row.id).order_by(Offer.id)))
    calls = session.scalars(
        select(Call).join(Offer, Offer.id == Call.offer_id).where(Offer.referral_id == row.id).order_by(Call.id)
    )
    claimed = next((offer for offer in offers if offer.status is OfferStatus.CLAIMED), None)
    return {
        "id": str(row.id),
        "kind": row.kind.value,
        "status": row.status.value,
        "reason": DUPLICATE if row.status is ReferralStatus.HELD else None,
        "duplicate_of": str(row.duplicate_of) if row.duplicate_of else None,
        "client_id": str(row.client_id),
        "client": _client(row),
        "area": {"city": row.city, "state": row.state, "zip": row.zip_code},
        "price": {"min": row.price_min, "max": row.price_max},
        "notes": row.notes,
        "source": row.source,
        "timeline": row.timeline,
        "external_id": row.external_id,
        "team_id": str(row.team_id) if row.team_id else None,
        "agent_id": str(row.agent_id) if row.agent_id else None,
        "claimed_by": str(claimed.agent_id) if claimed else None,
        "claimed_at": _at(row.claimed_at),
        "created_at": _at(row.created_at),
        **_terms(session, row),
        "offers": [_offer(offer) for offer in offers],
        "calls": [_call(call) for call in calls],
    }


def _terms(session: Session, row: Referral) -> dict[str, Any]:
    """By which terms it was claimed, where the network has any."""
    query = select(TermsVersion.number, Claim.fee_percent).join(Claim, Claim.terms_id == TermsVersion.id)
    found = session.execute(query.where(Claim.referral_id == row.id, Claim.ended_at.is_(None))).one_or_none()
    if found is None:
        return {}
    fee = float(found.fee_percent) if found.fee_percent is not None else None
    return {"terms": {"version": found.number, "fee_percent": fee}}


def _client(row: Referral) -> dict[str, Any]:
    client = row.client
    known = {
        "first_name": client.given_name,
        "language": client.language,
        "time_zone": client.time_zone,
        "prefers": client.prefers,
        "address": row.address,
        "best_time": row.best_time,
    }
    told = {name: value for name, value in known.items() if value is not None}
    return {"name": client.name, "phone": client.phone, "email": client.email, **told}


def _offer(row: Offer) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "agent_id": str(row.agent_id),
        "wave": row.wave,
        "status": row.status.value,
        "sent_at": _at(row.created_at),
        "expires_at": _at(row.expires_at),
        "ended_at": _at(row.ended_at),
        "decline_reason": row.decline_reason,
    }


def _call(row: Call) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "offer_id": str(row.offer_id),
        "attempt": row.attempt,
        "direction": row.direction.value,
        "status": row.status.value,
        "reason": row.reason,
        "requested_at": _at(row.requested_at),
        "answered_at": _at(row.answered_at),
        "accepted_at": _at(row.accepted_at),
        "connected_at": _at(row.connected_at),
        "reached": row.reached,
        "outcome": row.outcome,
        "ended_at": _at(row.ended_at),
    }


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
