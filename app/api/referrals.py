"""`/referrals`."""

from typing import Any

from flask import Response, jsonify

from app.api import blueprint, shown
from app.api.ids import id_or_404
from app.api.once import creates
from app.core.clock import now
from app.core.errors import NotFound
from app.core.ground import ground
from app.extensions import db
from app.flows.after import After
from app.flows.refer import refer
from app.offers.service import Window
from app.referrals.models import Referral
from app.referrals.schemas import ReferralSchema, new_referral


@blueprint.post("/referrals")
@blueprint.arguments(ReferralSchema)
@creates
def create_referral(body: dict[str, Any]) -> tuple[dict[str, Any], After]:
    """Takes a referral in, and offers it at once."""
    window = Window(ground().settings.offer_minutes)
    referred = refer(db.session(), new=new_referral(body), window=window, at=now())
    return shown.referral(db.session(), referred.referral), referred.after


@blueprint.get("/referrals/<raw_id>")
def read_referral(raw_id: str) -> Response:
    """What has become of a referral."""
    row = db.session.get(Referral, id_or_404(raw_id))
    if row is None:
        raise NotFound
    return jsonify(shown.referral(db.session(), row))
