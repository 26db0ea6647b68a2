"""What an agent wants of a channel: offers by it or not, and the hours in which it is to be silent."""

import re
from datetime import datetime, time

from sqlalchemy.orm import Session

from app.core.errors import FieldError, InvalidInput
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.channels.rules import Channel
from app.notifications.channels.rules import quiet_until as end_of_quiet
from app.notifications.channels.states import CHOSEN, channel_states, set_preference
from app.notifications.kinds import KINDS
from app.notifications.taking import let_go
from app.people.models import Agent
from app.people.service import lock_agent

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
NOT_A_TIME = "This is not a time such as 22:00."
ONE_MUST_STAY = "One of email, text and push has to stay on, or no referral would reach you."
BOTH_OR_NONE = "Quiet hours need both times."
NEVER_ENDS = "That would be all day. To hear nothing here, turn it off instead."


def prefer(
    session: Session, *, agent: Agent, channel: Channel, wanted: bool, quiet_from: str, quiet_until: str, at: datetime
) -> Outbox:
    """Keeps what was chosen; hours are `HH:MM` of the agent's own day, both empty for none.

    What waits for the end of quiet hours waits for the new one, if that comes sooner: where there are none any more,
    it may go at once. It is looked at again before it is sent, so longer ones are kept as well.

    Raises InvalidInput naming the field, with nothing written, and LockTimeout.
    """
    quiet = _hours(quiet_from.strip(), quiet_until.strip())
    lock_agent(session, agent.id)  # two forms sent at once must not turn off the last two channels
    states = channel_states(session, [agent.id])
    if not wanted and not any(states[agent.id, other].wanted for other in CHOSEN if other is not channel):
        raise InvalidInput(FieldError("wanted", ONE_MUST_STAY))
    set_preference(session, agent_id=agent.id, channel=channel, wanted=wanted, quiet=quiet)
    begins, ends = quiet or (None, None)
    until = end_of_quiet(at, agent.time_zone, begins, ends) or at
    waited = let_go(session, account_id=agent.account_id, channel=channel, kinds=KINDS.in_quiet_hours(), due_at=until)
    return Outbox(notifications=tuple(waited)) if until == at else NOTHING


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
