"""`/referrals`."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify

from app.api import blueprint, serializers
from app.api.guard import api_key_id
from app.api.idempotency import creates
from app.core.clock import now
from app.core.errors import NotFound
from app.core.queue.outbox import Outbox
from app.core.runtime import runtime
from app.extensions import db
from app.offers.service import Window
from app.referrals.intake_rules import intake_rules
from app.referrals.models import Referral
from app.referrals.schemas import ReferralSchema, new_referral
from app.referrals.service import record_read
from app.routing.intake import refer


@blueprint.post("/referrals")
@blueprint.arguments(ReferralSchema)
@creates
def create_referral(body: dict[str, Any]) -> tuple[dict[str, Any], Outbox]:
    """Takes a referral in, and offers it at once, unless it was sent before."""
    settings = runtime().settings
    referred = refer(
        db.session(),
        new=new_referral(body),
        window=Window(settings.offer_minutes),
        at=now(),
        rules=intake_rules(settings),
    )
    return serializers.referral(db.session(), referred.referral), referred.outbox


@blueprint.get("/referrals/<uuid:referral_id>")
def read_referral(referral_id: UUID) -> Response:
    """What has become of a referral."""
    row = db.session.get(Referral, referral_id)
    if row is None:
        raise NotFound
    shown = serializers.referral(db.session(), row)
    if record_read(db.session(), referral=row, api_key_id=api_key_id(), at=now()):
        db.session.commit()
    return jsonify(shown)
