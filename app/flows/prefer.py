"""What an agent wants of a channel: offers by it or not, and the hours in which it is to be silent."""

import re
from datetime import time

from sqlalchemy.orm import Session

from app.core.errors import FieldError, InvalidInput
from app.core.locks import lock_wait
from app.notify.channels import CHOSEN, channel_states, set_preference
from app.notify.rules import Channel
from app.people.models import Agent
from app.people.service import lock_agent

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
NOT_A_TIME = "This is not a time such as 22:00."
ONE_MUST_STAY = "One of email, text and push has to stay on, or no referral would reach you."
BOTH_OR_NONE = "Quiet hours need both times."
NEVER_ENDS = "That would be all day. To hear nothing here, turn it off instead."


def prefer(
    session: Session, *, agent: Agent, channel: Channel, wanted: bool, quiet_from: str, quiet_until: str
) -> None:
    """Keeps what was chosen; hours are `HH:MM` of the agent's own day, both empty for none.

    Raises InvalidInput naming the field, with nothing written, and LockTimeout.
    """
    quiet = _hours(quiet_from.strip(), quiet_until.strip())
    with lock_wait(session):  # two forms sent at once must not turn off the last two channels
        lock_agent(session, agent.id)
    states = channel_states(session, [agent.id])
    if not wanted and not any(states[agent.id, other].wanted for other in CHOSEN if other is not channel):
        raise InvalidInput(FieldError("wanted", ONE_MUST_STAY))
    set_preference(session, agent_id=agent.id, channel=channel, wanted=wanted, quiet=quiet)


def _hours(begins: str, ends: str) -> tuple[time, time] | None:
    wrong = [
        FieldError(field, NOT_A_TIME)
        for field, typed in (("quiet_from", begins), ("quiet_until", ends))
        if typed and not CLOCK.fullmatch(typed)
    ]
    if wrong:
        raise InvalidInput(*wrong)
    if not begins and not ends:
        return None
    if not begins or not ends:
        raise InvalidInput(FieldError("quiet_until" if begins else "quiet_from", BOTH_OR_NONE))
    if begins == ends:
        raise InvalidInput(FieldError("quiet_until", NEVER_ENDS))
    return time.fromisoformat(begins), time.fromisoformat(ends)
