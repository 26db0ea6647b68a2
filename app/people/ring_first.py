"""An agent agrees to be rung for new offers, or takes it back."""

from datetime import datetime, time

from sqlalchemy.orm import Session

from app.people.models import Agent


def choose_ring_first(
    session: Session, *, agent: Agent, wanted: bool, again: bool, hours: tuple[time, time], source: str, at: datetime
) -> None:
    """Keeps the wish with its hours, by the agent's own clock.

    The consent is kept with its time and where it was given, and ends with the wish.
    """
    agent.ring_first, agent.ring_again = wanted, again
    agent.ring_from, agent.ring_until = hours
    if not wanted:
        agent.call_consent_at = agent.call_consent_source = None
    elif agent.call_consent_at is None:
        agent.call_consent_at, agent.call_consent_source = at, source
    session.flush()
