"""Transfers: asking for one, finding it, and moving it from one state to the next.

A move is one conditional UPDATE by the table of transitions: of two at once, the second finds nothing to move.
"""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.core.database.ids import new_id
from app.core.database.locks import lock_wait
from app.core.errors import FieldError, InvalidInput
from app.core.queue.outbox import NOTHING, Outbox
from app.referrals.models import Referral
from app.referrals.rules import ReferralStatus
from app.referrals.service import lock_referral
from app.transfers.models import Transfer
from app.transfers.rules import (
    ADVISER_RINGS,
    CLIENT_WAITS,
    CODE_DIGITS,
    CODE_HOLDS,
    LONGEST,
    TRANSITIONS,
    End,
    TransferStatus,
)

S = TransferStatus


def ask_for_transfer(
    session: Session, *, referral_id: UUID, account_id: UUID, phone: str, by_code: bool, at: datetime
) -> tuple[Transfer, Outbox]:
    """Begins one: we ring the adviser's `phone` (E.164) or, with `by_code`, wait for their call and the code.

    A code that was never typed makes way. Raises InvalidInput, and LockTimeout.
    """
    with lock_wait(session):
        referral = lock_referral(session, referral_id)
    if referral is None or referral.status is not ReferralStatus.OPEN:
        raise InvalidInput(FieldError("phone", "This referral is no longer open."))
    before = live_transfer(session, referral_id=referral_id)
    if before is not None and not end_transfer(session, before.id, End.ADVISER_AWAY, at=at, only_from=(S.CODED,)):
        raise InvalidInput(FieldError("phone", "Somebody has this client on the line already."))
    made = Transfer(
        id=new_id(),
        referral_id=referral_id,
        account_id=account_id,
        phone=phone,
        code=f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}" if by_code else None,
        status=S.CODED if by_code else S.ASKED,
        asked_at=at,
    )
    session.add(made)
    session.flush()
    return made, NOTHING if by_code else Outbox(transfers=(made.id,))


def live_transfer(session: Session, *, referral_id: UUID) -> Transfer | None:
    """The transfer of this referral that is going on."""
    query = select(Transfer).where(Transfer.referral_id == referral_id, Transfer.ended_at.is_(None))
    return session.scalar(query.execution_options(populate_existing=True))


def newest_transfer(session: Session, *, referral_id: UUID) -> Transfer | None:
    """The same, or the last one that ended."""
    query = select(Transfer).where(Transfer.referral_id == referral_id).order_by(Transfer.id.desc()).limit(1)
    return session.scalar(query.execution_options(populate_existing=True))


def waiting_on_line(session: Session, *, referral_id: UUID) -> Transfer | None:
    """The transfer in which this referral's client waits on the line for an agent."""
    found = live_transfer(session, referral_id=referral_id)
    return found if found is not None and found.status in CLIENT_WAITS else None


def transfer_of_call(session: Session, *, call_id: UUID) -> Transfer | None:
    """The transfer that this call of an agent has joined."""
    return session.scalar(select(Transfer).where(Transfer.call_id == call_id).limit(1))


def transfer_of_adviser(session: Session, *, sid: str) -> Transfer | None:
    """The transfer in which this is the adviser's call."""
    query = select(Transfer).where(Transfer.adviser_sid == sid, Transfer.closed_at.is_(None))
    return session.scalar(query.limit(1))


def coded_for(session: Session, *, phone: str | None, at: datetime) -> Transfer | None:
    """The transfer that waits for the owner of this phone to type its code; the newest, if there are several."""
    if phone is None:
        return None
    query = select(Transfer).where(
        Transfer.phone == phone, Transfer.status == S.CODED, Transfer.asked_at > at - CODE_HOLDS
    )
    return session.scalar(query.order_by(Transfer.id.desc()).limit(1))


def move(session: Session, transfer_id: UUID, to: TransferStatus, **values: Any) -> bool:
    """Moves a transfer, if the table allows it from where it is; whether it has moved."""
    query = update(Transfer).where(Transfer.id == transfer_id, TRANSITIONS.guard(Transfer.status, to))
    moved = session.scalar(
        query.values(status=to, **values).returning(Transfer.id).execution_options(synchronize_session=False)
    )
    return moved is not None


def end_transfer(
    session: Session, transfer_id: UUID, how: End, *, at: datetime, only_from: tuple[TransferStatus, ...] = ()
) -> bool:
    """Ends a transfer, and lets others ring its client again; whether it had not ended before."""
    query = update(Transfer).where(Transfer.id == transfer_id, TRANSITIONS.guard(Transfer.status, S.ENDED))
    if only_from:
        query = query.where(Transfer.status.in_(only_from))
    referral_id = session.scalar(
        query.values(status=S.ENDED, ended_at=at, ended_how=how)
        .returning(Transfer.referral_id)
        .execution_options(synchronize_session=False)
    )
    if referral_id is None:
        return False
    client_id = select(Referral.client_id).where(Referral.id == referral_id).scalar_subquery()
    session.execute(
        update(Client)
        .where(Client.id == client_id)
        .values(on_line_until=None, on_line_for=None)
        .execution_options(synchronize_session=False)
    )
    return True


def call_off(session: Session, *, referral_id: UUID, at: datetime) -> Outbox:
    """An admin ends it. An agent who has joined goes on talking with the client."""
    found = live_transfer(session, referral_id=referral_id)
    if found is None or found.status is S.CLAIMED or not end_transfer(session, found.id, End.CALLED_OFF, at=at):
        return NOTHING
    return Outbox(transfers=(found.id,))


def given_up(session: Session, *, at: datetime) -> Outbox:
    """Ends what nobody will end any more: codes that were not typed, calls whose end was not reported."""
    limits = (
        (Transfer.status == S.CODED, CODE_HOLDS, End.ADVISER_AWAY),
        (Transfer.status == S.ASKED, ADVISER_RINGS, End.ADVISER_AWAY),
        (Transfer.status == S.ADVISER, 2 * ADVISER_RINGS, End.CLIENT_AWAY),
        (Transfer.status.in_((*CLIENT_WAITS, S.CLAIMED)), LONGEST, End.CALLED_OFF),
    )
    ended = []
    for status, longest, how in limits:
        since = Transfer.client_dialed_at if how is End.CLIENT_AWAY else Transfer.asked_at
        query = select(Transfer.id, Transfer.claimed_at).where(status, since < at - longest)
        for id_, claimed_at in session.execute(query).all():
            if end_transfer(session, id_, End.HANDED_OVER if claimed_at is not None else how, at=at):
                ended.append(id_)
    return Outbox(transfers=tuple(ended))
