"""What a dead worker had taken, and texts whose fate nobody heard.

Mail and push go again, under the same Message-ID and topic. A text is found at the carrier by its words, kept when
it was handed over; only one that is certainly not there goes again.
"""

from datetime import datetime, timedelta
from random import Random

import structlog
from sqlalchemy.orm import Session

from app.core.errors import LockTimeout, Permanent, Retryable, Unknown
from app.notifications.channels.rules import Channel
from app.notifications.delivery.receipts import apply_answer
from app.notifications.models import Notification
from app.notifications.queueing import end_attempt, known_at_provider, mark_sent, words_hash
from app.notifications.rules import NotificationStatus, next_try
from app.notifications.taking import stuck
from app.providers.twilio.client import Carrier
from app.providers.twilio.message import CarrierMessage

log = structlog.get_logger()

S = NotificationStatus
DICE = Random()
NEVER_HEARD_OF = "never-heard-of"
CLOCKS_DIFFER = timedelta(seconds=30)
"""How far the carrier's clock, which has whole seconds, may be from ours."""
SURE_AFTER = timedelta(seconds=60)
"""A text that the carrier does not list by then has not been taken: asking for it took 8 s at most."""
LOOK_EVERY = timedelta(seconds=5)
GIVE_UP_AFTER = timedelta(minutes=10)
"""How long a carrier that does not answer keeps a text of unknown fate open."""


class _Unanswered(Exception):
    """The carrier does not answer: the other texts can wait as well."""


def recover(session: Session, *, at: datetime, carrier: Carrier) -> int:
    """Brings back what was taken and never finished; how many may be sent again. Commits row by row."""
    rows = stuck(session, at=at)
    for row in rows:
        session.expunge(row)
    session.rollback()
    again = 0
    for row in rows:
        try:
            again += _recover(session, row, carrier, at)
        except _Unanswered:
            break
        except LockTimeout:  # the next round
            continue
        session.commit()
    return again


def _recover(session: Session, row: Notification, carrier: Carrier, at: datetime) -> bool:
    """Whether it may be sent again."""
    if row.channel is Channel.VOICE:
        end_attempt(session, row.id, S.FAILED, attempt=row.attempts, error_code=NEVER_HEARD_OF, ended_at=at)
        return False
    if row.channel is Channel.SMS and row.words_hash is not None:
        return _look_up(session, row, carrier, at)
    return _again(session, row, at)


def _again(session: Session, row: Notification, at: datetime) -> bool:
    """Into the queue, to be sent at once; not for ever: what brings its worker down each time has an end as well."""
    if next_try(row.attempts, at, row.not_after, DICE) is None:
        end_attempt(session, row.id, S.FAILED, attempt=row.attempts, error_code=NEVER_HEARD_OF, ended_at=at)
        return False
    return end_attempt(session, row.id, S.QUEUED, attempt=row.attempts, due_at=at, error_code=NEVER_HEARD_OF)


def _look_up(session: Session, row: Notification, carrier: Carrier, at: datetime) -> bool:
    """Was the text taken? True: certainly not, and it waits to be sent again."""
    assert row.taken_at is not None
    assert row.sent_to is not None
    try:
        listed = carrier.texts_to(row.sent_to)
    except (Retryable, Permanent, Unknown) as error:
        log.warning("message_look_up_unanswered", code=error.code)
        if at - row.taken_at <= GIVE_UP_AFTER:
            raise _Unanswered from error
        end_attempt(session, row.id, S.FAILED, attempt=row.attempts, error_code=NEVER_HEARD_OF, ended_at=at)
        return False
    found = _ours(session, row, listed)
    if found is not None:
        _found(session, row, found, at)
        return False
    if at - row.taken_at < SURE_AFTER:  # lists may lag: asked again before anything is sent twice
        end_attempt(session, row.id, S.SENDING, attempt=row.attempts, due_at=at + LOOK_EVERY)
        return False
    log.info("message_not_taken", notification_id=str(row.id))
    return _again(session, row, at)


def _found(session: Session, row: Notification, found: CarrierMessage, at: datetime) -> None:
    """As the carrier has it now: its receipts may have been lost as well."""
    if mark_sent(session, row.id, attempt=row.attempts, provider_id=found.sid, at=at):
        apply_answer(session, row.id, attempt=row.attempts, found=found, at=at)


def _ours(session: Session, row: Notification, listed: list[CarrierMessage]) -> CarrierMessage | None:
    """The one with its words that is no other message of ours: a code asked for again has the same."""
    assert row.taken_at is not None
    since = row.taken_at - CLOCKS_DIFFER
    near = [
        c for c in listed if words_hash(c.body) == row.words_hash and (c.created_at is None or c.created_at >= since)
    ]
    known = known_at_provider(session, Channel.SMS, [text.sid for text in near])
    return next((text for text in near if text.sid not in known), None)
