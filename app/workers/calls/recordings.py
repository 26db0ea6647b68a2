"""Fetches the messages that clients have left, and deletes them at the carrier."""

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from app.core.errors import ProviderError
from app.inbound.voicemails import Voicemail, unfetched
from app.providers.twilio.client import Carrier

log = structlog.get_logger()


def fetch_recordings(session: Session, *, carrier: Carrier, at: datetime) -> None:
    """Fetches what is missing. Commits message by message: network calls lie in the middle.

    A recording that could not be deleted at the carrier is fetched no more: it ends by the account's own retention.
    """
    waiting = unfetched(session, at=at)
    session.rollback()
    for voicemail_id, sid in waiting:
        session.get_one(Voicemail, voicemail_id).tried_at = at
        session.commit()
        try:
            audio = carrier.fetch_recording(sid)
        except ProviderError as error:
            log.warning("recording_not_fetched", code=error.code)
            continue
        session.get_one(Voicemail, voicemail_id).audio = audio
        session.commit()
        try:
            carrier.delete_recording(sid)
        except ProviderError as error:
            log.warning("recording_not_deleted", code=error.code)
