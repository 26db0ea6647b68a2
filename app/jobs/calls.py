"""Voice jobs: placing a call, ending one."""

from uuid import UUID

from flask import render_template

from app.core.ground import ground
from app.extensions import db
from app.flows.addresses import call_urls
from app.flows.after import After
from app.flows.end_call import end_call_at_carrier
from app.flows.lost_words import lost_words
from app.flows.place_call import place_call as place
from app.jobs.run import job
from app.providers.access import carrier
from app.providers.twiml import Voice, say_and_hang_up


@job
def place_call(call_id: UUID) -> After:
    """Rings the agent."""
    here = ground()
    return place(
        db.session(),
        call_id=call_id,
        carrier=carrier(),
        urls=lambda id_: call_urls(here, id_),
        ring_seconds=here.settings.ring_seconds,
    )


@job
def end_call(call_id: UUID) -> After:
    """Cancels a ringing call, or tells one in the menu that somebody was first."""
    return end_call_at_carrier(
        db.session(),
        call_id=call_id,
        carrier=carrier(),
        lost_twiml=_lost_twiml,
        ring_seconds=ground().settings.ring_seconds,
    )


def _lost_twiml(offer_id: UUID) -> str:
    words = lost_words(db.session(), offer_id=offer_id)
    db.session.rollback()
    said = render_template(
        "voice/en/lost.txt",
        brand=ground().settings.brand_name,
        winner_first_name=words.winner_first_name,
        behind_seconds=words.behind_seconds,
    )
    return say_and_hang_up(said.strip(), voice=Voice())
