"""Live transfers at the carrier: rings the adviser and the client, tells those on the line, ends what is left over.

Each step is taken by a conditional UPDATE, and committed before the carrier is asked: a job may run twice.
"""

from datetime import datetime
from uuid import UUID

import structlog
from flask import render_template
from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.calls.models import Call
from app.calls.rules import CallStatus
from app.core.clock import now
from app.core.errors import ProviderError
from app.core.language import EN, speaking
from app.core.queue.outbox import NOTHING, Outbox
from app.core.runtime import runtime
from app.core.urls import transfer_url
from app.extensions import db
from app.notifications.wording.voice import speaker, spoken
from app.people.models import Agent
from app.providers.twilio.message import PlaceCall
from app.providers.twilio.twiml import menu, say_and_hang_up
from app.referrals.models import Referral
from app.transfers.models import Transfer
from app.transfers.rules import ADVISER_RINGS, End, TransferStatus
from app.transfers.service import end_transfer
from app.workers.calls.end import tell_or_end
from app.workers.ceilings import ceilings, reached
from app.workers.job import job
from app.workers.providers import carrier

log = structlog.get_logger()

S = TransferStatus
CLIENT_RINGS_SECONDS = 30
LEFT_ALONE = frozenset({End.ADVISER_LEFT, End.NOBODY, End.CALLED_OFF})
"""Ends after which a client who is still on the line is told that an agent will call."""


@job
def serve_transfer(transfer_id: UUID) -> Outbox:
    """Does whatever is to be done for a transfer now."""
    session = db.session()
    found = session.get(Transfer, transfer_id)
    if found is None:
        return NOTHING
    if found.status is S.ASKED and _is_mine(session, found, Transfer.adviser_dialed_at):
        return _ring(session, found, found.phone, "adviser", int(ADVISER_RINGS.total_seconds()) - 5)
    if found.status is S.ADVISER and _is_mine(session, found, Transfer.client_dialed_at):
        return _ring(session, found, _referral(session, found).client.phone, "client", CLIENT_RINGS_SECONDS)
    if found.status is S.MISSED and _is_mine(session, found, Transfer.told_at):
        _tell_adviser(session, found)
    if found.status is S.ENDED and _is_mine(session, found, Transfer.closed_at):
        _close(session, found)
    return NOTHING


def waiting_transfers(session: Session, *, since: datetime) -> list[UUID]:
    """Transfers for which something has been to be done since then: the queue has lost it."""
    waits = (
        (Transfer.status == S.ASKED) & Transfer.adviser_dialed_at.is_(None) & (Transfer.asked_at < since)
        | (Transfer.status == S.ADVISER) & Transfer.client_dialed_at.is_(None)
        | (Transfer.status == S.MISSED) & Transfer.told_at.is_(None)
        | (Transfer.status == S.ENDED) & (Transfer.ended_at < since)
    )
    return list(session.scalars(select(Transfer.id).where(waits, Transfer.closed_at.is_(None))))


def _is_mine(session: Session, transfer: Transfer, step: InstrumentedAttribute[datetime | None]) -> bool:
    """Takes one step of a transfer, while it is where it was read; whether nobody has taken it before."""
    taken = session.scalar(
        update(Transfer)
        .where(Transfer.id == transfer.id, Transfer.status == transfer.status, step.is_(None))
        .values({step: now()})
        .returning(Transfer.id)
        .execution_options(synchronize_session=False)
    )
    session.commit()
    return taken is not None


def _ring(session: Session, transfer: Transfer, phone: str, whose: str, seconds: int) -> Outbox:
    """Rings the adviser's or the client's phone."""
    here, id_ = runtime(), transfer.id
    if not ceilings().allow_call(phone):
        return reached(session, "calls") + _not_placed(session, id_)
    menu_url, status_url = (transfer_url(here, id_, step) for step in (f"{whose}-answers", f"{whose}-status"))
    session.rollback()
    try:
        placed = carrier().place_call(PlaceCall(phone, menu_url, menu_url, status_url, None, seconds))
    except ProviderError as error:
        log.warning("transfer_call_refused", code=error.code)
        return _not_placed(session, id_)
    sid = Transfer.adviser_sid if whose == "adviser" else Transfer.client_sid
    session.execute(
        update(Transfer)
        .where(Transfer.id == id_, sid.is_(None))
        .values({sid: placed.sid})
        .execution_options(synchronize_session=False)
    )
    over = session.scalar(select(Transfer.ended_at).where(Transfer.id == id_)) is not None
    session.commit()
    if over:  # called off while the carrier was being asked
        _end_leg(placed.sid, None)
    return NOTHING


def _not_placed(session: Session, transfer_id: UUID) -> Outbox:
    ended = end_transfer(session, transfer_id, End.NOT_PLACED, at=now())
    session.commit()
    return Outbox(transfers=(transfer_id,)) if ended else NOTHING


def _tell_adviser(session: Session, transfer: Transfer) -> None:
    """Takes the adviser out of the conference to hear that nobody came; then they are back with the client."""
    url = transfer_url(runtime(), transfer.id, "adviser-chooses")
    said = _words(session, transfer, "admin/nobody")
    sid = transfer.adviser_sid
    with speaking(EN):
        document = menu(said, key_url=url, voice=speaker())
    session.rollback()
    try:
        if sid is not None:
            carrier().say_to_call(sid, document)
    except ProviderError as error:
        log.warning("transfer_not_told", code=error.code)


def _close(session: Session, transfer: Transfer) -> None:
    """Tells anybody still on the line that it is over, and cancels calls that still ring."""
    legs: list[tuple[str, str | None]] = []
    if transfer.adviser_sid and transfer.adviser_left_at is None and transfer.ended_how is not End.HANDED_OVER:
        with speaking(EN):
            said = _words(session, transfer, "admin/over")
            legs.append((transfer.adviser_sid, say_and_hang_up(said, voice=speaker())))
    if transfer.client_sid and (transfer.ended_how in LEFT_ALONE or transfer.client_at is None):
        with speaking(_referral(session, transfer).client.language or EN):
            said = _words(session, transfer, "client_alone")
            legs.append((transfer.client_sid, say_and_hang_up(said, voice=speaker())))
    call = session.get(Call, transfer.call_id) if transfer.call_id is not None else None
    if call is not None and call.sid is not None and call.status is CallStatus.ACCEPTED:  # alone in the conference
        with speaking(session.get_one(Agent, call.agent_id).language):
            said = _words(session, transfer, "client_gone")
            legs.append((call.sid, say_and_hang_up(said, voice=speaker())))
    session.rollback()
    for sid, document in legs:
        _end_leg(sid, document)


def _end_leg(sid: str, document: str | None) -> None:
    try:
        if document is not None:
            tell_or_end(carrier(), sid, document)
        else:
            carrier().hang_up(sid)
    except ProviderError as error:  # it is over
        log.info("transfer_leg_over", code=error.code)


def _words(session: Session, transfer: Transfer, prompt: str) -> str:
    name = _referral(session, transfer).client.first_name
    brand = runtime().settings.brand_name
    return spoken(render_template, prompt, brand=brand, client_first_name=name, how=transfer.ended_how)


def _referral(session: Session, transfer: Transfer) -> Referral:
    return session.get_one(Referral, transfer.referral_id)
