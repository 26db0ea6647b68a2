"""What admins did about a referral, and why: for the desk, which reads English."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.formats import time_to_call
from app.desk.models import DeskAction
from app.desk.rules import ACTIONS, FAILED
from app.history.entry import Entry
from app.people.models import Account, Agent
from app.referrals.models import Referral


def desk_lines(session: Session, referral: Referral) -> Iterator[Entry]:
    """Each action when it took effect, or was undone."""
    query = (
        select(DeskAction, Account.email, Agent.name)
        .join(Account, Account.id == DeskAction.account_id)
        .outerjoin(Agent, Agent.id == DeskAction.agent_id)
        .where(DeskAction.referral_id == referral.id)
    )
    for action, email, agent in session.execute(query):
        kind = ACTIONS[action.action]
        if action.undone_at is not None:
            words = f"{email} chose “{kind.label}” and undid it"
            yield Entry(action.undone_at, f"{words} (“{action.why}”)")
        elif action.failed is not None and action.done_at is not None:
            words = f"{email} chose “{kind.label}”, but {FAILED[action.failed]}"
            yield Entry(action.done_at, f"{words} (“{action.why}”)", important=True)
        elif action.done_at is not None:
            time = time_to_call(action.call_at, referral.time_zone) if action.call_at is not None else ""
            words = f"{email} {kind.done.format(agent=agent or 'its agent', time=time)}"
            yield Entry(action.done_at, f"{words} (“{action.why}”)", important=True)
