"""From rows that were taken to messages that can be sent: looked at again, and worded, with few queries for all.

Nobody is told about a referral that is gone, on a channel that is off, or too late: such rows are dropped here,
right before they would have been sent.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, joinedload

from app.flows.message_values import Links, message_values
from app.flows.put_back import put_back
from app.flows.wanted import Facts, held_until, unwanted
from app.notify.channel_models import PushSubscription
from app.notify.channels import channel_states
from app.notify.compose import Render, mail_words, push_payload, push_topic, sms_words, voice_lines
from app.notify.models import Notification
from app.notify.rules import Channel, Kind, NotificationStatus
from app.notify.service import end_attempt, remember_words
from app.notify.untold import Untold
from app.offers.models import Offer
from app.offers.service import open_offers_of
from app.people.models import Account, Agent
from app.people.number_models import NumberChange
from app.providers.carrier import Carrier, SendText, SpeakTo
from app.providers.mail import Mailer
from app.providers.mail_message import Mail
from app.providers.push import Push, Pusher
from app.providers.twiml import Voice, say_slowly_and_hang_up
from app.referrals.models import Referral

log = structlog.get_logger()

S = NotificationStatus
LONGEST_VALIDITY = 36_000
"""Seconds; the carrier takes no longer ones. https://www.twilio.com/docs/messaging/api/message-resource"""
LASTING_TTL = 24 * 3600
"""Seconds a push waits for its browser when its subject has no end."""

Request = SendText | Mail | SpeakTo | Push


@dataclass(frozen=True)
class Post:
    """What delivering needs beside the database."""

    carrier: Carrier
    mailer: Mailer
    pusher: Pusher | None
    """None: push is off, since it has no key."""
    links: Links
    render: Render
    brand: str
    receipt_url: str
    """Where the carrier reports on a message; `{id}` is the notification's id, `{attempt}` which try it is."""
    test_status_url: str
    """Where it reports on a test call."""
    test_call: Callable[[UUID], str]
    """The TwiML of a test call."""
    ring_seconds: int


@dataclass(frozen=True)
class Outgoing:
    """A message taken and worded; no session is needed to send it."""

    id: UUID
    kind: Kind
    channel: Channel
    attempts: int
    ready_at: datetime
    not_after: datetime | None
    request: Request

    @property
    def address(self) -> str:
        """The phone, mailbox or endpoint it goes to."""
        return self.request.endpoint if isinstance(self.request, Push) else self.request.to


def prepare(session: Session, *, taken: Sequence[Notification], post: Post, at: datetime) -> list[Outgoing]:
    """The messages that may go out now; what is not wanted any more is dropped, and what has to wait goes back to it.

    One that cannot be worded fails alone.
    """
    facts = _facts(session, taken, at)
    ready: list[Outgoing] = []
    waiting: list[Notification] = []
    for notification in taken:
        try:
            if _was_dropped(session, notification, facts, at):
                continue
            if held_until(session, notification, facts, at) is not None:
                waiting.append(notification)
                continue
            request = _worded(session, notification, facts, post, at)
        except DBAPIError:
            raise
        except Exception as error:
            # A mistake in one must not hold up the others. No traceback: it would quote what the message says.
            log.error(
                "message_not_worded", notification_id=str(notification.id), kind=notification.kind,
                error=type(error).__name__,
            )  # fmt: skip
            _settle(session, notification, S.FAILED, ended_at=at, error_code="not-worded")
            continue
        if isinstance(request, SendText):
            remember_words(session, notification.id, sent_to=request.to, words_hash=words_hash(request.body), at=at)
        ready.append(
            Outgoing(
                notification.id, notification.kind, notification.channel, notification.attempts, at,
                notification.not_after, request,
            )
        )  # fmt: skip
    put_back(session, waiting=waiting, facts=facts, at=at)  # last: it locks agents, and those come after messages
    return ready


def words_hash(body: str) -> str:
    """By which a text is known again: SHA-256 in hex."""
    return hashlib.sha256(body.encode()).hexdigest()


def _settle(session: Session, notification: Notification, to: NotificationStatus, **values: object) -> None:
    end_attempt(session, notification.id, to, attempt=notification.attempts, **values)


def _was_dropped(session: Session, notification: Notification, facts: Facts, at: datetime) -> bool:
    """Drops it unless it is still wanted, now."""
    why = unwanted(session, notification, facts, at)
    if why is not None:
        code = None if why is Untold.OVER else why.value
        _settle(session, notification, S.DROPPED, ended_at=at, error_code=code)
    return why is not None


def _facts(session: Session, taken: Sequence[Notification], at: datetime) -> Facts:
    offer_ids = {n.offer_id for n in taken} - {None}
    offers = session.scalars(
        select(Offer)
        .where(Offer.id.in_(offer_ids))
        .options(joinedload(Offer.agent).joinedload(Agent.team), joinedload(Offer.referral).joinedload(Referral.client))
    ).all()
    accounts = session.scalars(
        select(Account).where(Account.id.in_({n.account_id for n in taken})).options(joinedload(Account.agent))
    ).all()
    browser_ids = {n.push_subscription_id for n in taken} - {None}
    browsers = (
        session.scalars(select(PushSubscription).where(PushSubscription.id.in_(browser_ids))).all()
        if browser_ids
        else []
    )
    agents = [account.agent.id for account in accounts if account.agent is not None]
    return Facts(
        offers={offer.id: offer for offer in offers},
        accounts={account.id: account for account in accounts},
        browsers={browser.id: browser for browser in browsers},
        channels=channel_states(session, agents),
        open_offers=open_offers_of(session, agents, at=at),
    )


def _worded(session: Session, notification: Notification, facts: Facts, post: Post, at: datetime) -> Request:
    if notification.channel is Channel.VOICE and notification.kind is Kind.TEST:
        url = post.test_status_url.format(id=notification.id)
        return SpeakTo(phone_of(session, notification), post.test_call(notification.id), post.ring_seconds, url)
    agent = facts.accounts[notification.account_id].agent
    open_offers = facts.open_offers[agent.id] if agent is not None else ()
    values = {"brand": post.brand, **message_values(session, notification, post.links, open_offers)}
    if notification.channel is Channel.SMS:
        return _text(session, notification, values, post, at)
    if notification.channel is Channel.VOICE:
        document = say_slowly_and_hang_up(voice_lines(post.render, notification.kind, values), voice=Voice())
        return SpeakTo(phone_of(session, notification), document, post.ring_seconds)
    if notification.channel is Channel.PUSH:
        browser = facts.browsers[notification.push_subscription_id]  # type: ignore[index]
        payload = push_payload(post.render, notification.kind, values)
        ttl = _seconds_left(notification, at) or LASTING_TTL
        return Push(browser.endpoint, browser.p256dh, browser.auth, payload, push_topic(notification), ttl)
    return _mail(notification, facts.accounts[notification.account_id].email, values, post)


def _text(
    session: Session, notification: Notification, values: dict[str, object], post: Post, at: datetime
) -> SendText:
    return SendText(
        to=phone_of(session, notification),
        body=sms_words(post.render, notification.kind, values),
        status_url=post.receipt_url.format(id=notification.id, attempt=notification.attempts),
        valid_seconds=min(_seconds_left(notification, at) or LONGEST_VALIDITY, LONGEST_VALIDITY),
    )


def _mail(notification: Notification, to: str, values: dict[str, object], post: Post) -> Mail:
    words = mail_words(post.render, notification.kind, values)
    message_id = f"<{notification.id}@{post.mailer.message_domain()}>"
    unsubscribe = values.get("unsubscribe")
    return Mail(
        to, words.subject, words.text, words.html, message_id, notification.created_at,
        str(unsubscribe) if unsubscribe else None,
    )  # fmt: skip


def phone_of(session: Session, notification: Notification) -> str:
    """A code goes to the phone it is to prove, word of a change to the one before, anything else to the agent's own."""
    if notification.number_change_id is not None:
        change = session.get_one(NumberChange, notification.number_change_id)
        return change.new_phone if notification.kind is Kind.NUMBER_CODE else change.old_phone
    agent = session.get_one(Account, notification.account_id).agent
    assert agent is not None
    return agent.phone


def _seconds_left(notification: Notification, at: datetime) -> int | None:
    if notification.not_after is None:
        return None
    return max(1, int((notification.not_after - at).total_seconds()))
