"""The gate's refusals and clients' requests, in the desk's words."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clients.asking import GateAnswer
from app.clients.consent import Way
from app.clients.gate import Refusal
from app.clients.wishes import DoNotContact, Source
from app.history.entry import Entry
from app.referrals.models import Referral

WHY_NOT: dict[str, str] = {
    Refusal.WISH: "they asked not to be called",
    Refusal.NO_CONSENT: "there is no consent to call them",
    Refusal.LAPSED: "their consent to be called has run out",
    Refusal.PREFERS_TEXT: "they would rather get a text",
    Refusal.ON_A_CALL: "they were on a call with another agent",
    Refusal.TOO_OFTEN: "they have been called as often as they may be",
    Refusal.TODAY: "they have been called as often as they may be in a day",
    Refusal.HOURS: "they can't be called at that hour",
}
BY: dict[Source, str] = {
    Source.TEXT: "by text",
    Source.KEY: "by a key on the phone",
    Source.PAGE: "on their page",
    Source.AGENT: "as their agent tells us",
    Source.API: "as the network's software tells us",
    Source.DESK: "as the desk tells us",
    Source.FILE: "by a list of numbers",
}


def client_lines(session: Session, referral: Referral) -> Iterator[Entry]:
    """Why it was held, the calls refused, and the do-not-contact requests made about it."""
    if referral.duplicate_of is not None:
        yield Entry(referral.created_at, "It was held: the same client's same need had come before", important=True)
    refused = select(GateAnswer).where(
        GateAnswer.referral_id == referral.id, GateAnswer.way == Way.CALL, GateAnswer.allowed.is_(False)
    )
    for answer in session.scalars(refused):
        why = " and ".join(WHY_NOT[refusal] for refusal in answer.refusals)
        yield Entry(answer.at, f"The client was not called: {why}", important=True)
    heard = select(DoNotContact).where(DoNotContact.referral_id == referral.id, DoNotContact.way == Way.CALL)
    for wish in session.scalars(heard):
        yield Entry(wish.at, f"The client asked not to be called, {BY[wish.source]}", important=True)
        if wish.lifted_at is not None:
            yield Entry(wish.lifted_at, "The client agreed to be called again")
