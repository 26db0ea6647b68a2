"""The network posts a referral: it goes to the team or agent it names, or to matching agents, or is held."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.database.locks import lock_wait
from app.core.errors import FieldError, InvalidInput
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.reach.tell import tell_admins
from app.offers.models import Offer
from app.offers.notices import HELD
from app.offers.service import Window
from app.offers.waves import Offered, offer_to
from app.people.models import Agent, Team
from app.people.service import named_agents
from app.referrals.intake_rules import IntakeRules
from app.referrals.models import Referral
from app.referrals.rules import ReferralStatus
from app.referrals.schemas import ONE_OR_NEITHER
from app.referrals.service import NewReferral, add_referral, close, lock_referral, reopen
from app.routing.going_on import go_on

NOTHING_HELD = IntakeRules()


@dataclass(frozen=True)
class Referred:
    """The referral, and what is to be sent about it."""

    referral: Referral
    outbox: Outbox
    offers: tuple[Offer, ...] = ()
    """Of whom it names."""


def refer(
    session: Session, *, new: NewReferral, window: Window, at: datetime, rules: IntakeRules = NOTHING_HELD
) -> Referred:
    """Takes the referral in and sends its first wave. Raises InvalidInput for an unknown team or agent; LockTimeout.

    The same need of the same client, sent again within the time of `rules`, is offered to nobody: the admins decide.
    """
    _check_target(session, new)
    referral = add_referral(session, new=new, rules=rules, at=at)
    if referral.status is ReferralStatus.HELD:
        return Referred(referral, tell_admins(session, kind=HELD, referral_id=referral.id, at=at))
    first = _first(session, referral, window=window, at=at)
    return Referred(referral, first.outbox, first.offers)


def release_held(session: Session, *, referral_id: UUID, window: Window, at: datetime) -> Outbox:
    """Offers a held referral. Does nothing if it is no longer held. Raises LockTimeout."""
    referral = _reopened(session, referral_id)
    return _first(session, referral, window=window, at=at).outbox if referral is not None else NOTHING


def close_held(session: Session, *, referral_id: UUID, at: datetime) -> None:
    """Closes a held referral. Does nothing if it is no longer held. Raises LockTimeout."""
    with lock_wait(session):
        referral = lock_referral(session, referral_id)
    if referral is not None and referral.status is ReferralStatus.HELD:
        close(referral, at=at)
        session.flush()


def _reopened(session: Session, referral_id: UUID) -> Referral | None:
    with lock_wait(session):
        referral = lock_referral(session, referral_id)
    if referral is None or referral.status is not ReferralStatus.HELD:
        return None
    reopen(referral)
    session.flush()
    return referral


def _first(session: Session, referral: Referral, *, window: Window, at: datetime) -> Offered:
    named = named_agents(session, team_id=referral.team_id, agent_id=referral.agent_id, kind=referral.kind)
    offered = offer_to(session, referral=referral, agents=named, window=window, at=at)
    if not offered.nobody:
        return offered
    going_on = go_on(session, referral=referral, window=window, at=at)
    return Offered(offered.offers, offered.outbox + going_on)


def _check_target(session: Session, new: NewReferral) -> None:
    if new.team_id is not None and new.agent_id is not None:
        raise InvalidInput(FieldError("team_id", ONE_OR_NEITHER))
    if new.team_id is not None and session.get(Team, new.team_id) is None:
        raise InvalidInput(FieldError("team_id", "There is no such team."))
    if new.agent_id is not None and session.get(Agent, new.agent_id) is None:
        raise InvalidInput(FieldError("agent_id", "There is no such agent."))
