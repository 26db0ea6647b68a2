"""What is known of the subjects and readers of a batch of messages, read with few queries for all of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.clients.models import Client
from app.notifications.channels.models import PushSubscription
from app.notifications.channels.rules import Channel
from app.notifications.channels.states import ChannelState, channel_states
from app.notifications.kinds import KINDS
from app.notifications.models import Notification
from app.people.models import Account, Agent


@dataclass(frozen=True)
class Facts:
    """Holds what it has read for as long as the batch is worked on: the session itself keeps no row alive."""

    subjects: Sequence[object]
    accounts: Mapping[UUID, Account]
    browsers: Mapping[UUID, PushSubscription]
    channels: Mapping[tuple[UUID, Channel], ChannelState]
    """By agent and channel."""
    open_offers: Mapping[UUID, Collection[UUID]]
    """What each agent can act on, by the agent."""
    clients: Mapping[UUID, Client]

    def agent_of(self, notification: Notification) -> Agent | None:
        """The agent a message is for; None: it is for an admin or a client."""
        return self.accounts[notification.account_id].agent if notification.account_id is not None else None

    def mailbox_of(self, notification: Notification) -> str:
        """Its reader's email address."""
        if notification.client_id is not None:
            return self.clients[notification.client_id].email
        assert notification.account_id is not None
        return self.accounts[notification.account_id].email


def read_facts(session: Session, taken: Sequence[Notification], at: datetime) -> Facts:
    """Everything that rechecking and wording these messages needs."""
    account_ids = {notification.account_id for notification in taken} - {None}
    client_ids = {notification.client_id for notification in taken} - {None}
    clients = session.scalars(select(Client).where(Client.id.in_(client_ids))).all() if client_ids else []
    accounts = session.scalars(
        select(Account).where(Account.id.in_(account_ids)).options(joinedload(Account.agent))
    ).all()
    browser_ids = {notification.push_subscription_id for notification in taken} - {None}
    browsers = (
        session.scalars(select(PushSubscription).where(PushSubscription.id.in_(browser_ids))).all()
        if browser_ids
        else []
    )
    agents = [account.agent.id for account in accounts if account.agent is not None]
    return Facts(
        subjects=_subjects(session, taken),
        accounts={account.id: account for account in accounts},
        browsers={browser.id: browser for browser in browsers},
        channels=channel_states(session, agents),
        open_offers=KINDS.open_offers(session, agents, at),
        clients={client.id: client for client in clients},
    )


def _subjects(session: Session, taken: Sequence[Notification]) -> list[object]:
    """What kinds read alike, an offer above all, is read in one go for all of them."""
    wanted: dict[object, set[UUID]] = {}
    for notification in taken:
        subject_id = getattr(notification, notification.kind.subject)
        wanted.setdefault(notification.kind.prefetch, set()).add(subject_id)
    prefetches = {notification.kind.prefetch for notification in taken}
    return [row for prefetch in prefetches for row in prefetch(session, wanted[prefetch])]
