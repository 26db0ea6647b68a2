"""What a dead worker had taken, and texts whose fate nobody heard."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from app.core.errors import Permanent, Retryable, Unknown
from app.flows.message_values import message_values
from app.flows.outgoing import Post, phone_of
from app.notify.compose import sms_words
from app.notify.models import Notification
from app.notify.rules import Channel, Kind, NotificationStatus
from app.notify.service import known_at_provider, move
from app.notify.taking import stuck
from app.offers.models import Offer
from app.providers.carrier import CarrierMessage

log = structlog.get_logger()

S = NotificationStatus
NEVER_HEARD_OF = "never-heard-of"
CLOCKS_DIFFER = timedelta(seconds=30)
"""How far the carrier's clock, which has whole seconds, may be from ours."""
SURE_AFTER = timedelta(seconds=60)
"""A text that the carrier does not list by then has not been taken: asking for it took 8 s at most."""
GIVE_UP_AFTER = timedelta(minutes=10)
"""How long a carrier that does not answer keeps a text of unknown fate open."""


def recover(session: Session, *, at: datetime, post: Post) -> int:
    """Brings back what was taken and never finished; how many may be sent again. Commits on its own."""
    again = 0
    for notification in stuck(session, at=at):
        if notification.channel is Channel.SMS:
            again += _look_up(session, notification, post, at)
        elif notification.channel is Channel.VOICE:
            move(session, notification.id, S.FAILED, error_code=NEVER_HEARD_OF, ended_at=at)
        else:
            again += move(session, notification.id, S.QUEUED, due_at=at)
        session.commit()
    return again


def _look_up(session: Session, notification: Notification, post: Post, at: datetime) -> bool:
    """Was the text taken? Its words carry a link or a code. True: certainly not, and it waits to be sent again."""
    assert notification.taken_at is not None
    values = {"brand": post.brand, **message_values(session, notification, post.links)}
    bodies, phone = _bodies(session, notification, values, post), phone_of(session, notification)
    id_, taken_at = notification.id, notification.taken_at
    session.commit()
    try:
        listed = post.carrier.texts_to(phone)
    except (Retryable, Permanent, Unknown) as error:
        log.warning("message_look_up_unanswered", code=error.code)
        if at - taken_at > GIVE_UP_AFTER:
            move(session, id_, S.FAILED, error_code=NEVER_HEARD_OF, ended_at=at)
        return False
    found = _ours(session, [text for text in listed if text.body in bodies], taken_at)
    if found:
        return not move(session, id_, S.SENT, provider_id=found[0].sid, sent_at=at, error_code=None)
    if at - taken_at < SURE_AFTER:
        return False  # lists may lag: asked again before anything is sent twice
    log.info("message_not_taken", notification_id=str(id_))
    return move(session, id_, S.QUEUED, due_at=at, error_code=NEVER_HEARD_OF)


def _bodies(session: Session, notification: Notification, values: dict[str, Any], post: Post) -> set[str]:
    """The words it may have been sent with: an offer's letter is in them or not, as other offers come and go."""
    letters: set[str | None] = {None}
    if notification.kind is Kind.OFFER:
        letters.add(session.get_one(Offer, notification.offer_id).letter)
    return {sms_words(post.render, notification.kind, {**values, "letter": letter}) for letter in letters}


def _ours(session: Session, candidates: Sequence[CarrierMessage], taken_at: datetime) -> list[CarrierMessage]:
    """Those that are no other message of ours: a code that was asked for again has the same words."""
    near = [c for c in candidates if c.created_at is None or c.created_at >= taken_at - CLOCKS_DIFFER]
    known = known_at_provider(session, Channel.SMS, [text.sid for text in near])
    return [text for text in near if text.sid not in known]
