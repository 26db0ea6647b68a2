"""Live transfers: who had the client on the line, and what came of it. For the desk, which reads English."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.history.entry import Entry
from app.people.models import Account
from app.referrals.models import Referral
from app.transfers.models import Transfer
from app.transfers.rules import RING_FOR, End

TRANSFER_ENDS: dict[End, str] = {
    End.HANDED_OVER: "The client was handed over on the line.",
    End.NOBODY: "No agent took the client who was on the line.",
    End.ADVISER_AWAY: "The adviser didn't pick up, or didn't type the code.",
    End.CLIENT_AWAY: "The client didn't pick up.",
    End.CLIENT_LEFT: "The client hung up before an agent was there.",
    End.ADVISER_LEFT: "The adviser hung up before agents were rung.",
    End.REFUSED: "The client may not be called now.",
    End.NOT_PLACED: "The call couldn't be placed.",
    End.CALLED_OFF: "The call was ended on the desk.",
}


def transfer_lines(session: Session, referral: Referral) -> Iterator[Entry]:
    """Each transfer of this referral, step by step."""
    query = (
        select(Transfer, Account.email)
        .join(Account, Account.id == Transfer.account_id)
        .where(Transfer.referral_id == referral.id)
    )
    for one, email in session.execute(query):
        yield Entry(one.asked_at, f"{email} asked for the client on the line")
        if one.client_at is not None:
            yield Entry(one.client_at, "The client was on the line with the adviser")
        if one.ring_until is not None:
            phones = "One agent was rung" if one.rung == 1 else f"{one.rung} agents were rung"
            yield Entry(one.ring_until - RING_FOR, f"{phones} for the client on the line")
        if one.ended_at is not None and one.ended_how is not None:
            yield Entry(one.ended_at, TRANSFER_ENDS[one.ended_how].removesuffix("."), important=True)
