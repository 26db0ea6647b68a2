"""A call that was asked for by text could not be placed: its agent, who looks at no page, is told by text, once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.calls.models import Call
from app.flows.after import NOTHING, After
from app.flows.claim_view import ClaimView
from app.flows.phases import Phase
from app.notify.rules import Channel, Kind
from app.notify.service import queue_notification
from app.notify.text_models import InboundText, Meaning
from app.offers.models import Offer
from app.offers.rules import OfferStatus, is_open
from app.people.models import Agent

WORTH_TELLING = timedelta(minutes=10)
"""Where the referral is theirs already, and they wanted to try its client again."""
STILL_WAITING = frozenset({Phase.MISSED, Phase.PIN, Phase.CLIENT_MISSED})
"""The faces of a page whose agent has been reached by nothing since."""
UNDECIDED = frozenset({Phase.CALLING, Phase.RINGING, Phase.STOPPING, Phase.DECLINING})
"""Another call is on its way, which may fail as well, or a decline can still be undone."""
LOOK_AGAIN = timedelta(seconds=2)
BY_TEXT = exists().where(
    InboundText.offer_id == Call.offer_id,
    InboundText.meaning == Meaning.CALL,
    InboundText.answer.is_(None),  # we said nothing, since the phone was to ring
    InboundText.received_at >= Call.requested_at,
)


def tell_unplaced(session: Session, *, call_ids: Sequence[UUID], at: datetime) -> After:
    """Texts the agents of these calls, which have failed before they rang, if it was a text that asked for them.

    Nobody is texted about a referral that is gone, nor twice about one offer.
    """
    if not call_ids:
        return NOTHING
    query = (
        select(Offer, Agent.account_id).join(Agent, Agent.id == Offer.agent_id).join(Call, Call.offer_id == Offer.id)
    )
    queued = []
    for offer, account_id in session.execute(query.where(Call.id.in_(call_ids), BY_TEXT)):
        is_theirs = offer.status is OfferStatus.CLAIMED
        if not is_theirs and not is_open(offer.status, offer.expires_at, offer.decline_at, at):
            continue
        queued.append(
            queue_notification(
                session,
                account_id=account_id,
                kind=Kind.UNPLACED,
                channel=Channel.SMS,
                at=at,
                offer_id=offer.id,
                not_after=at + WORTH_TELLING if is_theirs else offer.expires_at,
            )
        )
    return After(notifications=tuple(id_ for id_ in queued if id_ is not None))


def is_still_waiting(view: ClaimView | None) -> bool:
    """Whether that text is of use: the referral is not gone, and no call has come since."""
    return view is not None and not view.agent_paused and view.phase in STILL_WAITING | UNDECIDED


def undecided_until(view: ClaimView | None, at: datetime) -> datetime | None:
    """When to look again whether it is of use; None: that is decided."""
    return at + LOOK_AGAIN if view is not None and view.phase in UNDECIDED else None
