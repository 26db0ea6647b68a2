"""Accepting a request to join, for the portal and the desk alike."""

from uuid import UUID

from app.access.joining import let_in
from app.core.clock import now
from app.core.errors import InvalidInput
from app.core.runtime import runtime
from app.extensions import db
from app.notifications.reach.welcome import welcome
from app.offers.service import Window
from app.people.models import Agent
from app.routing.on_duty import offer_what_is_open


def admit(request_id: UUID, *, decides_for: UUID | None) -> Agent | None:
    """Adds the agent, then offers them what is open; None if the request was already decided.

    `decides_for` is as for `let_in`. Raises InvalidInput with nothing changed.
    """
    session, here = db.session(), runtime()
    try:
        done = let_in(session, request_id=request_id, decides_for=decides_for, at=now())
    except InvalidInput:
        session.rollback()
        raise
    if done is None:
        return None
    agent, outbox = done
    if here.settings.welcome_texts:
        outbox += welcome(session, agent=agent, at=now())
    session.commit()
    outbox.enqueue(here.queue)
    catching_up = offer_what_is_open(session, agent=agent, window=Window(here.settings.offer_minutes), at=now())
    session.commit()
    catching_up.enqueue(here.queue)
    return agent
