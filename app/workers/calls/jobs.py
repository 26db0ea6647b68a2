"""Voice jobs: placing a call, ending one."""

from uuid import UUID

from flask import render_template

from app.claims.lost_to import lost_to_whom
from app.core.queue.outbox import Outbox
from app.core.runtime import runtime
from app.core.urls import call_urls
from app.extensions import db
from app.notifications.wording.voice import VOICE, spoken
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
    """Cancels a ringing call, or tells one in the menu that somebody was first."""
    return end_call_at_carrier(
        db.session(),
        call_id=call_id,
        carrier=carrier(),
        lost_twiml=_lost_twiml,
        ring_seconds=runtime().settings.ring_seconds,
    )


def _lost_twiml(offer_id: UUID) -> str:
    words = lost_to_whom(db.session(), offer_id=offer_id)
    db.session.rollback()
    said = spoken(
        render_template,
        "lost",
        brand=runtime().settings.brand_name,
        winner_first_name=words.winner_first_name,
        behind_seconds=words.behind_seconds,
    )
    return say_and_hang_up(said, voice=VOICE)
