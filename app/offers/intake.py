"""The network posts a referral: it is kept, offered, and everybody concerned is told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.core.errors import FieldError, InvalidInput
from app.core.queue.outbox import Outbox
from app.offers.admin_alert import alert_admins
from app.offers.announce import announce
from app.offers.models import Offer
from app.offers.service import Window, send_wave
from app.people.models import Agent, Team
from app.people.service import agent_for, members_for
from app.referrals.models import Referral
from app.referrals.service import NewReferral, add_referral


@dataclass(frozen=True)
class Referred:
    """The referral and the offers of its first wave; none when nobody who matches is available."""

    referral: Referral
    offers: tuple[Offer, ...]
    outbox: Outbox


def refer(session: Session, *, new: NewReferral, window: Window, at: datetime) -> Referred:
    """Takes the referral in and sends its first wave. Raises InvalidInput for an unknown team or agent."""
    _check_target(session, new)
    referral = add_referral(session, new=new, at=at)
    offers = send_wave(session, referral_id=referral.id, agents=_matching(session, new), window=window, at=at)
    announced = announce(session, offers=offers, at=at)
    outbox = Outbox(notifications=announced.at_once)
    if announced.nobody:
        outbox += alert_admins(session, referral_id=referral.id, at=at)
    return Referred(referral, tuple(offers), outbox)


def _matching(session: Session, new: NewReferral) -> list[Agent]:
    if new.team_id is not None:
        return members_for(session, team_id=new.team_id, kind=new.kind)
    assert new.agent_id is not None
    return agent_for(session, agent_id=new.agent_id, kind=new.kind)


def _check_target(session: Session, new: NewReferral) -> None:
    if (new.team_id is None) == (new.agent_id is None):
        raise InvalidInput(FieldError("team_id", "Give exactly one of team_id and agent_id."))
    if new.team_id is not None and session.get(Team, new.team_id) is None:
        raise InvalidInput(FieldError("team_id", "There is no such team."))
    if new.agent_id is not None and session.get(Agent, new.agent_id) is None:
        raise InvalidInput(FieldError("agent_id", "There is no such agent."))
