"""What the signed link of an offer opens. A link that is none is 404, and reads like one that has expired."""

from uuid import UUID

from flask import abort

from app.core.clock import now
from app.core.ground import Purpose, ground
from app.extensions import db
from app.flows.claim_view import ClaimView, claim_view


def linked_offer_id(token: str) -> UUID:
    """The offer of this link."""
    offer_id = ground().signer.verify(Purpose.OFFER, token)
    if offer_id is None:
        abort(404)
    return offer_id


def linked_view(token: str) -> ClaimView:
    """Its claim page as it is now."""
    view = claim_view(db.session(), offer_id=linked_offer_id(token), at=now())
    if view is None:
        abort(404)
    return view
