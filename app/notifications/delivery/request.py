"""A message put into words and into the request that its provider takes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.clients.gate import Gate
from app.clients.models import Client
from app.core.language import speaking
from app.core.urls import Links
from app.notifications.channels.rules import Channel
from app.notifications.delivery.facts import Facts
from app.notifications.models import Notification
from app.notifications.wording.compose import Render, mail_words, push_payload, push_topic, sms_words, voice_lines
from app.notifications.wording.values import language_of, message_values
from app.notifications.wording.voice import speaker
from app.people.models import Account
from app.providers.smtp.message import Mail
from app.providers.twilio.message import SendText, SpeakTo
from app.providers.twilio.twiml import say_slowly_and_hang_up
from app.providers.webpush.message import Push

LONGEST_VALIDITY = 36_000
"""Seconds; the carrier takes no longer ones. https://www.twilio.com/docs/messaging/api/message-resource"""
LASTING_TTL = 24 * 3600
"""Seconds a push waits for its browser when its subject has no end."""

Request = SendText | Mail | SpeakTo | Push


@dataclass(frozen=True)
class Letterhead:
    """What stands on every message of this network, and where its provider reports."""

    links: Links
    render: Render
    brand: str
    mail_domain: str
    """Of our Message-IDs."""
    receipt_url: str
    """Where the carrier reports on a text; `{id}` is the notification's id, `{attempt}` which try it is."""
    check_status_url: str
    """Where it reports on a check call."""
    check_call: Callable[[UUID], str]
    """The TwiML of a check call."""
    ring_seconds: int
    gate: Gate
    """Asked before each message to a client."""


def request_for(
    session: Session, notification: Notification, facts: Facts, letterhead: Letterhead, at: datetime
) -> Request:
    """What the provider of its channel is to be asked."""
    with speaking(language_of(session, notification)):
        return _worded(session, notification, facts, letterhead, at)


def _worded(
    session: Session, notification: Notification, facts: Facts, letterhead: Letterhead, at: datetime
) -> Request:
    if notification.channel is Channel.VOICE and notification.kind.asks_for_key:
        url = letterhead.check_status_url.format(id=notification.id)
        document = letterhead.check_call(notification.id)
        return SpeakTo(_phone(session, notification), document, letterhead.ring_seconds, url)
    agent = facts.agent_of(notification)
    open_offers = facts.open_offers[agent.id] if agent is not None else ()
    values = {"brand": letterhead.brand, **message_values(session, notification, letterhead.links, open_offers)}
    match notification.channel:
        case Channel.SMS:
            return _text(_phone(session, notification), notification, values, letterhead, at)
        case Channel.VOICE:
            return _speech(_phone(session, notification), notification, values, letterhead)
        case Channel.PUSH:
            return _push(notification, facts, values, letterhead, at)
        case Channel.EMAIL:
            return _mail(facts.mailbox_of(notification), notification, values, letterhead)


def _text(
    to: str, notification: Notification, values: dict[str, Any], letterhead: Letterhead, at: datetime
) -> SendText:
    return SendText(
        to=to,
        body=sms_words(letterhead.render, notification.kind, values),
        status_url=letterhead.receipt_url.format(id=notification.id, attempt=notification.attempts),
        valid_seconds=min(_seconds_left(notification, at) or LONGEST_VALIDITY, LONGEST_VALIDITY),
    )


def _speech(to: str, notification: Notification, values: dict[str, Any], letterhead: Letterhead) -> SpeakTo:
    lines = voice_lines(letterhead.render, notification.kind, values)
    return SpeakTo(to, say_slowly_and_hang_up(lines, voice=speaker()), letterhead.ring_seconds)


def _push(
    notification: Notification, facts: Facts, values: dict[str, Any], letterhead: Letterhead, at: datetime
) -> Push:
    assert notification.push_subscription_id is not None
    browser = facts.browsers[notification.push_subscription_id]
    payload = push_payload(letterhead.render, notification.kind, values)
    ttl = _seconds_left(notification, at) or LASTING_TTL
    return Push(browser.endpoint, browser.p256dh, browser.auth, payload, push_topic(notification), ttl)


def _mail(to: str, notification: Notification, values: dict[str, Any], letterhead: Letterhead) -> Mail:
    words = mail_words(letterhead.render, notification.kind, values)
    return Mail(
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        message_id=f"<{notification.id}@{letterhead.mail_domain}>",
        date=notification.created_at,
        unsubscribe_url=values.get("unsubscribe"),
    )


def _phone(session: Session, notification: Notification) -> str:
    if notification.kind.phone is not None:
        return notification.kind.phone(session, notification)
    if notification.client_id is not None:
        return session.get_one(Client, notification.client_id).phone
    agent = session.get_one(Account, notification.account_id).agent
    assert agent is not None
    return agent.phone


def _seconds_left(notification: Notification, at: datetime) -> int | None:
    if notification.not_after is None:
        return None
    return max(1, int((notification.not_after - at).total_seconds()))
