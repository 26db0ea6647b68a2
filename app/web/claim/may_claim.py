"""Tells the agent, before the tap, what they lack by the network's terms, and what the fee is."""

from app.claims.page import ClaimView
from app.claims.phases import Phase
from app.core.clock import now
from app.extensions import db
from app.offers.eligible import terms_verdict
from app.terms.service import Verdict

ASKED_IN = frozenset({Phase.OFFERED, Phase.MISSED, Phase.PIN})
"""Phases with a button that leads to the claim."""


def terms_for(view: ClaimView) -> Verdict:
    """What the terms in force say now."""
    if view.phase not in ASKED_IN or not view.terms_are_set:
        return Verdict()
    return terms_verdict(db.session(), offer_id=view.offer_id, at=now())
