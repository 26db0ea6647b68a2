"""A client who reached nobody leaves a message: recorded by the carrier, fetched by a worker, heard in the portal."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from app.core.clock import now
from app.core.database.columns import Id, Moment, reference
from app.core.database.ids import new_id
from app.core.queue.outbox import NOTHING, Outbox
from app.extensions import Model
from app.inbound.client_calls import ClientCall, find_client_call
from app.inbound.text_notices import CLIENT_VOICEMAIL
from app.notifications.reach.tell import tell_agent
from app.offers.models import Offer

TRY_EVERY, GIVE_UP_AFTER = timedelta(seconds=30), timedelta(days=1)


class Voicemail(Model):
    """One message. Its audio, an MP3, is deleted at the carrier once it is here."""

    __tablename__ = "voicemail"

    id: Mapped[Id]
    client_call_id: Mapped[UUID] = reference("client_call.id")
    recording_sid: Mapped[str] = mapped_column(String(34), unique=True)
    seconds: Mapped[int]
    audio: Mapped[bytes | None] = mapped_column(LargeBinary)
    tried_at: Mapped[Moment | None]
    """When its audio was last asked for, while it is missing."""
    at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (Index("ix_voicemail_unfetched", "id", postgresql_where="audio IS NULL"),)


def keep_voicemail(session: Session, *, sid: str, recording_sid: str, seconds: int, at: datetime) -> Outbox:
    """Stores a message left in this call, once, and tells the agent."""
    call = find_client_call(session, sid=sid)
    if call is None:
        return NOTHING
    row = {"id": new_id(), "client_call_id": call.id, "recording_sid": recording_sid, "seconds": seconds, "at": at}
    fresh = session.scalar(insert(Voicemail).values(row).on_conflict_do_nothing().returning(Voicemail.id))
    if fresh is None:
        return NOTHING
    agent = session.get_one(Offer, call.offer_id).agent
    return tell_agent(session, agent, kind=CLIENT_VOICEMAIL, offer_id=call.offer_id, at=at)


def unfetched(session: Session, *, at: datetime, limit: int = 10) -> list[tuple[UUID, str]]:
    """Messages whose audio is still at the carrier: id and SID of the recording."""
    query = (
        select(Voicemail.id, Voicemail.recording_sid)
        .where(
            Voicemail.audio.is_(None),
            Voicemail.at > at - GIVE_UP_AFTER,
            Voicemail.tried_at.is_(None) | (Voicemail.tried_at < at - TRY_EVERY),
        )
        .order_by(Voicemail.id)
        .limit(limit)
    )
    return [(row.id, row.recording_sid) for row in session.execute(query)]


def voicemails(session: Session, *, referral_id: UUID) -> Sequence[Voicemail]:
    """The messages of this referral's client, newest first, without their audio."""
    query = select(Voicemail).join(ClientCall, ClientCall.id == Voicemail.client_call_id)
    query = query.join(Offer, Offer.id == ClientCall.offer_id)
    query = query.where(Offer.referral_id == referral_id).options(defer(Voicemail.audio))
    return session.scalars(query.order_by(Voicemail.id.desc())).all()


def audio_of(session: Session, *, voicemail_id: UUID, referral_id: UUID) -> bytes | None:
    """The audio of one of this referral's messages; None: there is none, or not yet."""
    query = select(Voicemail.audio).join(ClientCall, ClientCall.id == Voicemail.client_call_id)
    query = query.join(Offer, Offer.id == ClientCall.offer_id)
    return session.scalar(query.where(Voicemail.id == voicemail_id, Offer.referral_id == referral_id))
