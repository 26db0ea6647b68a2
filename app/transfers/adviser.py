"""The adviser picks up and presses a key, and later hangs up: what that means for the transfer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.calls.gate import ask_to_call
from app.clients.asking import keep_answer
from app.clients.consent import Way
from app.clients.gate import Act, Gate, Matter, Refusal
from app.clients.service import lock_client
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox
from app.referrals.models import Referral
from app.transfers.models import Transfer
from app.transfers.rules import LONGEST, End, TransferStatus
from app.transfers.service import end_transfer, move

S = TransferStatus


@dataclass(frozen=True)
class Joins:
    """The adviser joins the conference. We ring the client, unless they are on the adviser's own line."""

    outbox: Outbox = NOTHING


@dataclass(frozen=True)
class Refused:
    """The gate does not let us ring the client. The transfer has ended."""

    refusal: Refusal


@dataclass(frozen=True)
class Over:
    """It has ended already."""


JoinResult = Joins | Refused | Over


def adviser_joins(
    session: Session, *, transfer_id: UUID, sid: str, client_here: bool, gate: Gate, at: datetime
) -> JoinResult:
    """The adviser has pressed a key in the call `sid`. Asked again, the same answer. Raises LockTimeout."""
    found = session.get_one(Transfer, transfer_id, populate_existing=True)
    if found.status is S.ENDED:
        return Refused(found.refusal) if found.refusal is not None else Over()
    if found.status not in (S.CODED, S.ASKED):
        return Joins()
    referral = session.get_one(Referral, found.referral_id)
    with lock_wait(session):
        client = lock_client(session, referral.client_id)
    if client_here:
        move(session, transfer_id, S.CLIENT, adviser_sid=sid, client_here=True, client_at=at)
        client.on_line_until, client.on_line_for = at + LONGEST, referral.id
        session.flush()
        return Joins()
    matter = Matter(
        client.id, referral.id, client.phone, client.email, referral.time_zone, referral.state,
        client.time_zone, client.prefers,
    )  # fmt: skip
    answer = ask_to_call(session, gate=gate, matter=matter, at=at)
    keep_answer(session, answer, way=Way.CALL, matter=matter, act=Act.TRANSFER, call_id=None, at=at)
    if answer.main is not None:
        found.refusal = answer.main
        session.flush()
        end_transfer(session, transfer_id, End.REFUSED, at=at)
        return Refused(answer.main)
    move(session, transfer_id, S.ADVISER, adviser_sid=sid)
    client.on_line_until = at + LONGEST
    session.flush()
    return Joins(Outbox(transfers=(transfer_id,)))


def adviser_left(session: Session, *, transfer_id: UUID, at: datetime) -> Outbox:
    """The adviser's call has ended. While agents ring, and after a claim, the client stays on the line without them."""
    found = session.get_one(Transfer, transfer_id, populate_existing=True)
    found.adviser_left_at = found.adviser_left_at or at
    session.flush()
    if found.status in (S.CODED, S.ASKED):
        how = End.ADVISER_AWAY
    elif found.client_here:
        how = End.HANDED_OVER if found.status is S.CLAIMED else End.CLIENT_LEFT
    elif found.status in (S.ADVISER, S.CLIENT):
        how = End.ADVISER_LEFT
    elif found.status is S.MISSED:
        how = End.NOBODY
    else:
        return NOTHING
    return Outbox(transfers=(transfer_id,)) if end_transfer(session, transfer_id, how, at=at) else NOTHING


def client_joins(session: Session, *, transfer_id: UUID, sid: str, at: datetime) -> bool:
    """The client has picked up: an agent who claims joins them from now on. Returns whether there is a conference.

    Raises LockTimeout.
    """
    found = session.get_one(Transfer, transfer_id, populate_existing=True)
    if found.status is S.ADVISER:
        with lock_wait(session):
            client = lock_client(session, session.get_one(Referral, found.referral_id).client_id)
        if move(session, transfer_id, S.CLIENT, client_sid=sid, client_at=at):
            client.on_line_for = found.referral_id
            session.flush()
        session.refresh(found)
    return found.status is not S.ENDED


def client_left(session: Session, *, transfer_id: UUID, at: datetime) -> Outbox:
    """The client's call has ended, picked up or not."""
    found = session.get_one(Transfer, transfer_id, populate_existing=True)
    if found.status is S.ADVISER:
        how = End.CLIENT_AWAY
    elif found.status is S.MISSED:
        how = End.NOBODY
    else:
        how = End.HANDED_OVER if found.status is S.CLAIMED else End.CLIENT_LEFT
    return Outbox(transfers=(transfer_id,)) if end_transfer(session, transfer_id, how, at=at) else NOTHING
