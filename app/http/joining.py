"""Letting in somebody who asks to join: the same for a lead in the portal and an admin at the desk."""

from uuid import UUID

from app.core.clock import now
from app.core.errors import InvalidInput
from app.core.runtime import runtime
from app.extensions import db
from app.offers.service import Window
from app.people.models import Agent
from app.routing.joining import let_in_and_greet
from app.routing.on_duty import offer_what_is_open


def admit(request_id: UUID, *, decides_for: UUID | None) -> Agent | None:
    """Makes an agent of who asks, and then offers them what is open; None when it was decided before.

    `decides_for`: as for `let_in`. Raises InvalidInput, and nothing is changed.
    """
    session, here = db.session(), runtime()
    try:
        done = let_in_and_greet(
            session, request_id=request_id, decides_for=decides_for, with_text=here.settings.welcome_texts, at=now()
        )
    except InvalidInput:
        session.rollback()
        raise
    if done is None:
        return None
    agent, outbox = done
    session.commit()
    outbox.enqueue(here.queue)
    catching_up = offer_what_is_open(session, agent=agent, window=Window(here.settings.offer_minutes), at=now())
    session.commit()
    catching_up.enqueue(here.queue)
    return agent
