"""What the page says to who was not first: when each was told, and what is open to them next."""

from flask_login import current_user

from app.claims.lost_to import when_told
from app.claims.page import ClaimView
from app.core.clock import now
from app.core.runtime import runtime
from app.core.urls import offer_path
from app.extensions import db
from app.offers.service import live_offers


def after_a_loss(view: ClaimView) -> dict[str, object]:
    """The next open offer only for the agent themselves: a link opens its own offer, and no other."""
    values: dict[str, object] = {"told": when_told(db.session(), offer_id=view.offer_id)}
    agent = current_user.agent if current_user.is_authenticated else None
    if agent is not None and agent.id == view.agent_id:
        live = live_offers(db.session(), agent_id=agent.id, at=now())
        if live:
            values |= {"next_offer": live[0], "next_path": offer_path(runtime(), live[0].id)}
    return values
