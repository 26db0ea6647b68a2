"""Delivering one message: take the row, look again whether it is still wanted, send, write what happened.

Each provider call stands between two transactions. In the one window that cannot be closed, when the provider
took it and we never heard: an SMS is looked up at the carrier, never sent twice; a mail is sent again with the
same Message-ID, so that the receiver folds the two; a call that reads something out counts as failed, and can be asked
for again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Permanent, Retryable, Unknown
from app.flows.message_values import Links, message_values
from app.notify.compose import Render, mail_words, sms_words, voice_lines
from app.notify.models import Notification
from app.notify.rules import Channel, Kind, NotificationStatus, next_try
from app.notify.service import known_at_provider, move, stuck, take
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.people.models import Account
from app.people.number_models import NumberChange
from app.providers.carrier import Carrier, SendText, SpeakTo
from app.providers.mail import Mail, Mailer
from app.providers.twiml import Voice, say_slowly_and_hang_up
from app.referrals.service import record_view

log = structlog.get_logger()

S = NotificationStatus
DICE = Random()
LONGEST_VALIDITY = 36_000
NEVER_HEARD_OF = "never-heard-of"
TOLD_LATER = timedelta(minutes=5)
"""How long an SMS whose fate is unknown is looked for before it counts as failed."""


@dataclass(frozen=True)
class Post:
    """What delivering needs beside the database."""

    carrier: Carrier
    mailer: Mailer
    links: Links
    render: Render
    brand: str
    receipt_url: str
    """Where the carrier reports on a message; `{id}` stands for the notification's id."""
    ring_seconds: int


@dataclass(frozen=True)
class _Ready:
    """A message taken and worded; the session is not needed any more."""

    id: UUID
    attempts: int
    not_after: datetime | None
    text: SendText | None = None
    mail: Mail | None = None
    speech: SpeakTo | None = None


def deliver(session: Session, *, notification_id: UUID, post: Post) -> None:
    """Delivers one queued message, if it is still wanted. Commits on its own."""
    notification = take(session, notification_id, at=now())
    if notification is None:
        session.rollback()
        return
    if not _wanted(session, notification):
        move(session, notification.id, S.DROPPED, ended_at=now())
        session.commit()
        return
    session.commit()
    ready = _word(session, notification, post)
    session.commit()
    _send(session, ready, post)


def recover(session: Session, *, at: datetime, post: Post) -> list[UUID]:
    """Brings back what a dead worker had taken; returns what may be sent again. Commits on its own."""
    again = []
    for notification in stuck(session, at=at):
        if notification.channel is Channel.SMS:
            _look_up(session, notification, post, at)
        elif notification.channel is Channel.VOICE:
            move(session, notification.id, S.FAILED, error_code=NEVER_HEARD_OF, ended_at=at)
        else:
            move(session, notification.id, S.QUEUED, due_at=at)
            again.append(notification.id)
        session.commit()
    return again


def _wanted(session: Session, notification: Notification) -> bool:
    """Nobody is told about a referral that is gone, or too late."""
    if notification.not_after is not None and now() >= notification.not_after:
        return False
    if notification.number_change_id is not None:
        return _still_asked(notification.kind, session.get_one(NumberChange, notification.number_change_id))
    if notification.kind is not Kind.OFFER:
        return True
    return session.get_one(Offer, notification.offer_id).status is OfferStatus.SENT


def _still_asked(kind: Kind, change: NumberChange) -> bool:
    if kind is Kind.NUMBER_CODE:
        return change.code is not None
    return change.reverted_at is None and (kind is Kind.NUMBER_CHANGED or change.confirmed_at is None)


def _phone(session: Session, notification: Notification) -> str:
    """A code goes to the phone it is to prove, word of a change to the one before, anything else to the agent's own."""
    if notification.number_change_id is not None:
        change = session.get_one(NumberChange, notification.number_change_id)
        return change.new_phone if notification.kind is Kind.NUMBER_CODE else change.old_phone
    agent = session.get_one(Account, notification.account_id).agent
    assert agent is not None
    return agent.phone


def _word(session: Session, notification: Notification, post: Post) -> _Ready:
    values = {"brand": post.brand, **message_values(session, notification, post.links)}
    account = session.get_one(Account, notification.account_id)
    common = (notification.id, notification.attempts, notification.not_after)
    if notification.channel is Channel.SMS:
        body = sms_words(post.render, notification.kind, values)
        url = post.receipt_url.format(id=notification.id)
        return _Ready(*common, text=SendText(_phone(session, notification), body, url, _valid_seconds(notification)))
    if notification.channel is Channel.VOICE:
        document = say_slowly_and_hang_up(voice_lines(post.render, notification.kind, values), voice=Voice())
        return _Ready(*common, speech=SpeakTo(_phone(session, notification), document, post.ring_seconds))
    words = mail_words(post.render, notification.kind, values)
    if notification.kind is Kind.DETAILS:
        referral = session.get_one(Offer, notification.offer_id).referral
        record_view(session, referral=referral, account_id=account.id, where="email", at=now())
    message_id = f"<{notification.id}@{post.mailer.message_domain()}>"
    mail = Mail(account.email, words.subject, words.text, words.html, message_id, notification.created_at)
    return _Ready(*common, mail=mail)


def _valid_seconds(notification: Notification) -> int | None:
    if notification.not_after is None:
        return None
    return max(1, min(int((notification.not_after - now()).total_seconds()), LONGEST_VALIDITY))


def _send(session: Session, ready: _Ready, post: Post) -> None:
    try:
        if ready.text is not None:
            provider_id = post.carrier.send_text(ready.text).sid
        elif ready.speech is not None:
            provider_id = post.carrier.speak_to(ready.speech).sid
        else:
            assert ready.mail is not None
            post.mailer.send(ready.mail)
            provider_id = ready.mail.message_id
    except Permanent as error:
        _over(session, ready, error.code)
    except Retryable as error:
        _later(session, ready, error.code)
    except Unknown as error:
        _unknown(session, ready, error.code)
    else:
        # A receipt can have come before this: then the row is past `sent`, and stays there.
        move(session, ready.id, S.SENT, provider_id=provider_id, sent_at=now(), error_code=None)
        session.commit()


def _over(session: Session, ready: _Ready, code: str) -> None:
    log.warning("message_failed", notification_id=str(ready.id), code=code)
    move(session, ready.id, S.FAILED, error_code=code, ended_at=now())
    session.commit()


def _later(session: Session, ready: _Ready, code: str) -> None:
    due = next_try(ready.attempts, now(), ready.not_after, DICE)
    if due is None:
        _over(session, ready, code)
        return
    log.info("message_retry", notification_id=str(ready.id), code=code, attempts=ready.attempts)
    move(session, ready.id, S.QUEUED, due_at=due, error_code=code)
    session.commit()


def _unknown(session: Session, ready: _Ready, code: str) -> None:
    """A mail may go again; an SMS stays `sending` until it has been looked up; a phone may ring already."""
    if ready.mail is not None:
        _later(session, ready, code)
        return
    if ready.speech is not None:
        _over(session, ready, code)
        return
    log.warning("message_unknown", notification_id=str(ready.id), code=code)


def _look_up(session: Session, notification: Notification, post: Post, at: datetime) -> None:
    """Was the SMS taken? Its body carries a link or a code. Not found for minutes: failed, never sent again."""
    assert notification.taken_at is not None
    values = {"brand": post.brand, **message_values(session, notification, post.links)}
    body = sms_words(post.render, notification.kind, values)
    phone, taken_at, id_ = _phone(session, notification), notification.taken_at, notification.id
    session.commit()
    try:
        found = [text for text in post.carrier.texts_to(phone) if text.body == body]
    except (Retryable, Permanent, Unknown) as error:
        log.warning("message_look_up_unanswered", code=error.code)
        found = []
    # A code that was asked for again has the same words.
    known = known_at_provider(session, Channel.SMS, [text.sid for text in found])
    found = [text for text in found if text.sid not in known]
    if found:
        move(session, id_, S.SENT, provider_id=found[0].sid, sent_at=at, error_code=None)
    elif at - taken_at > TOLD_LATER:
        move(session, id_, S.FAILED, error_code=NEVER_HEARD_OF, ended_at=at)
