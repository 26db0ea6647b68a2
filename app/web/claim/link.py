"""What the signed link of an offer opens. A link that is none is 404, and reads like one that has expired."""

from http import HTTPStatus
from uuid import UUID

from flask import abort

from app.claims.page import ClaimView, claim_view
from app.core.clock import now
from app.core.language import speak
from app.core.runtime import Purpose, runtime
from app.extensions import db


def linked_offer_id(token: str) -> UUID:
    """The offer of this link."""
    offer_id = runtime().signer.verify(Purpose.OFFER, token)
    if offer_id is None:
        abort(HTTPStatus.NOT_FOUND)
    return offer_id


def linked_view(token: str) -> ClaimView:
    """Its claim page as it is now."""
    view = claim_view(db.session(), offer_id=linked_offer_id(token), at=now())
    if view is None:
        abort(HTTPStatus.NOT_FOUND)
    speak(view.language)
    return view
