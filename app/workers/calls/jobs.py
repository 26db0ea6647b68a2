"""Voice jobs: placing a call, ending one."""

from uuid import UUID

from flask import render_template
from sqlalchemy.orm import Session

from app.calls.reasons import Reason
from app.claims.lost_to import lost_to_whom
from app.core.language import speaking
from app.core.queue.outbox import Outbox
from app.core.runtime import runtime
from app.core.urls import call_urls
from app.extensions import db
from app.notifications.wording.voice import speaker, spoken
from app.offers.models import Offer
from app.providers.twilio.twiml import say_and_hang_up
from app.workers.calls.end import end_call_at_carrier
from app.workers.calls.place import place_call as place
from app.workers.job import job
from app.workers.providers import carrier


@job
def place_call(call_id: UUID) -> Outbox:
    """Rings the agent."""
    here = runtime()
    return place(
        db.session(),
        call_id=call_id,
        carrier=carrier(),
        urls=lambda id_: call_urls(here, id_),
        ring_seconds=here.settings.ring_seconds,
        per_second=here.settings.calls_per_second,
    )


@job
def end_call(call_id: UUID) -> Outbox:
    """Cancels a ringing call; tells one that somebody was first, or that its client is not to be rung."""
    return end_call_at_carrier(
        db.session(),
        call_id=call_id,
        carrier=carrier(),
        last_words=_last_words,
        ring_seconds=runtime().settings.ring_seconds,
    )


def _last_words(offer_id: UUID, reason: str) -> str:
    session = db.session()
    agent = session.get_one(Offer, offer_id).agent
    with speaking(agent.language):
        words = _say_last(session, offer_id, reason)
    session.rollback()
    return words


def _say_last(session: Session, offer_id: UUID, reason: str) -> str:
    brand = runtime().settings.brand_name
    if reason == Reason.WISH:
        name = session.get_one(Offer, offer_id).referral.client.first_name
        said = spoken(render_template, "client_unwilling", brand=brand, client_first_name=name)
    else:
        lost_to = lost_to_whom(session, offer_id=offer_id)
        said = spoken(
            render_template,
            "lost",
            brand=brand,
            winner_first_name=lost_to.winner_first_name,
            behind_seconds=lost_to.behind_seconds,
        )
    return say_and_hang_up(said, voice=speaker())
