"""Texts whose receipts got lost: the carrier is asked what became of them, and its answer counts as a receipt."""

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from app.core.errors import LockTimeout, Permanent, ProviderError
from app.notifications.delivery.receipts import apply_answer
from app.notifications.unreported import SentText, take_question, unreported
from app.providers.twilio.client import Carrier
from app.providers.twilio.message import CarrierMessage

log = structlog.get_logger()

MOST_AT_ONCE = 5
"""Questions in one turn of the sweeper, which has others to look after as well."""


def ask_after_texts(session: Session, *, at: datetime, carrier: Carrier) -> None:
    """Asks after what no receipt has told the end of. Commits text by text; nothing is locked while it asks."""
    texts = unreported(session, at=at, limit=MOST_AT_ONCE)
    session.rollback()
    for text in texts:
        is_ours = take_question(session, text, at=at)
        session.commit()
        if not is_ours:
            continue
        try:
            found = carrier.fetch_text(text.sid)
        except Permanent as error:  # of this one only: it is there no more
            log.warning("text_not_found", notification_id=str(text.id), code=error.code)
            continue
        except ProviderError as error:  # the others would get no answer either
            log.warning("text_question_unanswered", code=error.code)
            return
        _apply(session, text, found, at)


def _apply(session: Session, text: SentText, found: CarrierMessage, at: datetime) -> None:
    log.info("text_asked_after", notification_id=str(text.id), status=found.status)
    try:
        apply_answer(session, text.id, attempt=text.attempt, found=found, at=at)
    except LockTimeout:  # a receipt of it may have come just now; else it is asked after again
        return
    session.commit()
