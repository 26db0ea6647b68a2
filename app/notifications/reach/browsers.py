"""An agent's browsers begin and stop taking push messages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.notifications.channels.models import PushSubscription
from app.notifications.channels.rules import Channel, SubscriptionEnd
from app.notifications.channels.states import switch_on
from app.notifications.channels.subscriptions import (
    Browser,
    end_subscription,
    is_dead,
    live_subscriptions,
    subscribe,
    subscription_at,
)
from app.people.models import Agent
from app.people.service import lock_agent

MOST_BROWSERS = 10
"""Of one agent. Beyond, the one not seen for longest makes room: who has eleven has forgotten some."""


def keep_browser(session: Session, *, agent: Agent, browser: Browser, at: datetime) -> PushSubscription | None:
    """Sends push messages there from now on, and switches the channel on; None when the address is dead.

    Raises LockTimeout.
    """
    lock_agent(session, agent.id)  # the last of the others may be found gone at this moment
    if is_dead(session, browser.endpoint):
        return None
    try:
        with session.begin_nested():
            kept = subscribe(session, account_id=agent.account_id, browser=browser, at=at)
    except IntegrityError:  # the page and its worker told us at once, and the other was first
        kept = subscribe(session, account_id=agent.account_id, browser=browser, at=at)
    _make_room(session, kept, at)
    switch_on(session, agent_id=agent.id, channel=Channel.PUSH)
    return kept


def turn_off_browser(session: Session, *, account_id: UUID, endpoint: str, at: datetime) -> bool:
    """The agent wants no more there; False when nothing was sent there anyway."""
    found = subscription_at(session, account_id=account_id, endpoint=endpoint)
    return found is not None and end_subscription(
        session, subscription_id=found.id, reason=SubscriptionEnd.TURNED_OFF, at=at
    )


def sign_out_browser(session: Session, *, subscription_id: UUID, at: datetime) -> None:
    """The next to use this browser sees none of it."""
    end_subscription(session, subscription_id=subscription_id, reason=SubscriptionEnd.SIGNED_OUT, at=at)


def _make_room(session: Session, kept: PushSubscription, at: datetime) -> None:
    others = [each for each in live_subscriptions(session, [kept.account_id]) if each.id != kept.id]
    others.sort(key=lambda each: each.seen_at, reverse=True)
    for forgotten in others[MOST_BROWSERS - 1 :]:
        end_subscription(session, subscription_id=forgotten.id, reason=SubscriptionEnd.TURNED_OFF, at=at)
