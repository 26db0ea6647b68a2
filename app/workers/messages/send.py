"""Delivering: take what is due, look again whether it is wanted, send, write what happened.

Each provider call stands between two transactions. In the one window that cannot be closed, when the provider
took it and we never heard: an SMS is looked up at the carrier before anything else is done (recover.py);
a mail is sent again with the same Message-ID and a push with the same topic, so that the receiver folds the two;
a call that reads something out counts as failed, and can be asked for again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import structlog
from sqlalchemy.orm import Session

from app.calls.ceiling import CEILING
from app.core.errors import Permanent, Retryable, Unknown
from app.notifications.channels.rules import Channel
from app.notifications.delivery.prepare import Outgoing, prepare
from app.notifications.delivery.request import Letterhead
from app.notifications.models import Notification
from app.notifications.queueing import end_attempt, mark_sent
from app.notifications.reach.death import channel_died
from app.notifications.rules import NotificationStatus, next_try
from app.notifications.taking import Room, take_due
from app.notifications.throttle import lock_throttle, spend
from app.offers.models import Offer
from app.providers.smtp.mailer import Mailer
from app.providers.smtp.message import Mail
from app.providers.twilio.client import Carrier
from app.providers.twilio.message import SendText, SpeakTo
from app.providers.webpush.message import Push
from app.providers.webpush.pusher import Pusher
from app.referrals.service import record_view
from app.workers.ceilings import TEXT_AGAIN_AFTER, Ceilings, reached

log = structlog.get_logger()

S = NotificationStatus
DICE = Random()
NO_KEY = "no-vapid-key"
UNEXPECTED = "unexpected"
HAND_OVER_WITHIN = timedelta(seconds=15)
"""A worker that stood still for longer may have been taken for dead: its messages are somebody else's now."""


@dataclass(frozen=True)
class Providers:
    """Whom messages are handed to."""

    carrier: Carrier
    mailer: Mailer
    pusher: Pusher | None
    """None: push is off, since it has no key."""
    ceilings: Ceilings


@dataclass(frozen=True)
class SendRate:
    """The provider's rate for the number, or service, that our texts come from."""

    sender: str
    per_second: float


@dataclass(frozen=True)
class Sent:
    """The provider took it. `provider_id`: what it calls it, if it told."""

    provider_id: str | None


@dataclass(frozen=True)
class NotSent:
    """It did not, or nobody knows."""

    error: Permanent | Retryable | Unknown


Outcome = Sent | NotSent


def take(session: Session, *, room: Room, send_rate: SendRate, letterhead: Letterhead, at: datetime) -> list[Outgoing]:
    """Takes and words what is due and wanted. Commits on its own, the taking first: no claim waits for words.

    A round that finds nothing to take writes nothing, and lets go of the sender's pace at once.
    """
    pace = lock_throttle(session, sender=send_rate.sender, per_second=send_rate.per_second, at=at)
    texts = min(room.get(Channel.SMS, 0), pace.allows)
    taken = take_due(session, room={**room, Channel.SMS: texts}, at=at)
    if not taken:
        session.rollback()
        return []
    spend(session, pace, texts=sum(row.channel is Channel.SMS for row in taken))
    for notification in taken:
        session.expunge(notification)  # read once, and no more after the commit
    session.commit()
    ready = prepare(session, taken=taken, letterhead=letterhead, at=at)
    session.commit()
    return ready


def hand_over(outgoing: Outgoing, providers: Providers, *, at: datetime) -> Outcome | None:
    """One request to one provider; no transaction is open. None: it came too late, and is not ours to send any more."""
    if at - outgoing.ready_at > HAND_OVER_WITHIN:
        log.warning("message_too_late", notification_id=str(outgoing.id))
        return None
    try:
        return Sent(_hand_over(outgoing, providers))
    except (Permanent, Retryable, Unknown) as error:
        return NotSent(error)
    except Exception as error:  # whatever it is, the next try would end the same; a text may have been taken
        log.error("provider_code_failed", notification_id=str(outgoing.id), error=type(error).__name__)
        return NotSent(Unknown(UNEXPECTED) if outgoing.channel is Channel.SMS else Permanent(UNEXPECTED))


def _hand_over(outgoing: Outgoing, providers: Providers) -> str | None:
    match outgoing.request:
        case SendText() as text:
            if not providers.ceilings.allow_text(text.to):
                raise Retryable(CEILING, retry_after=TEXT_AGAIN_AFTER)
            return providers.carrier.send_text(text).sid
        case SpeakTo() as speech:
            if not providers.ceilings.allow_call(speech.to):
                raise Permanent(CEILING)
            return providers.carrier.speak_to(speech).sid
        case Mail() as mail:
            providers.mailer.send(mail)
            return mail.message_id
        case Push() as push:
            if providers.pusher is None:
                raise Permanent(NO_KEY)
            providers.pusher.push(push)
            return None


def note(session: Session, *, outgoing: Outgoing, outcome: Outcome, at: datetime) -> None:
    """Writes what happened. A receipt can have come before this: then the row is past `sent`, and stays there."""
    if isinstance(outcome, Sent):
        sent = mark_sent(session, outgoing.id, attempt=outgoing.attempts, provider_id=outcome.provider_id, at=at)
        if sent and outgoing.channel is Channel.EMAIL and outgoing.kind.shows_client:
            _shown(session, outgoing, at)
        return
    error = outcome.error
    if error.code == CEILING:
        reached(session, outgoing.channel)
    if isinstance(error, Permanent):
        if _over(session, outgoing, error.code, at) and error.kills is not None:
            channel_died(
                session, notification_id=outgoing.id, address=outgoing.address, why=error.kills, code=error.code, at=at
            )
    elif isinstance(error, Retryable):
        _later(session, outgoing, error.code, at, at_least=error.retry_after or 0.0)
    elif outgoing.channel in (Channel.EMAIL, Channel.PUSH):
        _later(session, outgoing, error.code, at)
    elif outgoing.channel is Channel.VOICE:
        _over(session, outgoing, error.code, at)
    else:
        log.warning("message_unknown", notification_id=str(outgoing.id), code=error.code)


def _shown(session: Session, outgoing: Outgoing, at: datetime) -> None:
    notification = session.get_one(Notification, outgoing.id)
    assert notification.account_id is not None
    referral = session.get_one(Offer, notification.offer_id).referral
    record_view(session, referral=referral, account_id=notification.account_id, where="email", at=at)


def _over(session: Session, outgoing: Outgoing, code: str, at: datetime) -> bool:
    log.warning("message_failed", notification_id=str(outgoing.id), channel=outgoing.channel, code=code)
    return end_attempt(session, outgoing.id, S.FAILED, attempt=outgoing.attempts, error_code=code, ended_at=at)


def _later(session: Session, outgoing: Outgoing, code: str, at: datetime, *, at_least: float = 0.0) -> None:
    due = next_try(outgoing.attempts, at, outgoing.not_after, DICE, at_least=at_least)
    if due is None:
        _over(session, outgoing, code, at)
        return
    log.info("message_retry", notification_id=str(outgoing.id), code=code, attempts=outgoing.attempts)
    end_attempt(session, outgoing.id, S.QUEUED, attempt=outgoing.attempts, due_at=due, error_code=code)
