"""What is known of the agents whom a referral may go to: read once a wave, in a handful of statements."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import cos, radians
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.claims.models import Claim
from app.core.places import MILES_A_DEGREE
from app.core.referral_kind import ReferralKind
from app.notifications.channels.rules import Channel
from app.notifications.channels.states import CHOSEN, channel_states
from app.notifications.channels.subscriptions import live_subscriptions
from app.notifications.channels.suppression import suppression_of
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.people.areas import FARTHEST, Place, areas_of, zip_key
from app.people.licences import parse_licence
from app.people.models import Agent, AgentArea
from app.pipeline.models import DealEvent, Report
from app.pipeline.team import open_clients
from app.referrals.models import Referral
from app.routing.eligibility import Candidate, Wanted
from app.terms.service import in_force, standings, today_in

THEIRS = "already_mine"
"""They have said that the client is theirs anyway."""


def wanted_of(referral: Referral) -> Wanted:
    """What a referral asks for."""
    return Wanted(
        kind=referral.kind,
        place=place_of(referral),
        price_min=referral.price_min,
        price_max=referral.price_max,
        language=referral.client.language,
    )


def place_of(referral: Referral) -> Place:
    """Where it is."""
    return Place(referral.state, referral.city, referral.zip_code)


def agents_around(session: Session, place: Place) -> list[UUID]:
    """The agents who may work there, by what indexes can tell: a few too many, and nobody too few."""
    query = select(AgentArea.agent_id).where(or_(*_may_cover(place))).distinct()
    still_here = select(Agent.id).where(Agent.id.in_(query), Agent.left_at.is_(None)).order_by(Agent.id)
    return list(session.scalars(still_here))


def candidates(
    session: Session,
    agent_ids: Sequence[UUID],
    *,
    at: datetime,
    referral: Referral | None = None,
    as_if_back: UUID | None = None,
) -> list[Candidate]:
    """These agents, as they are now; `referral` adds what they have had to do with it, `as_if_back` ends a pause."""
    query = select(Agent).options(joinedload(Agent.team)).where(Agent.id.in_(agent_ids)).order_by(Agent.id)
    agents = session.scalars(query).all()
    areas, ways = areas_of(session, agent_ids), _reached_by(session, agents)
    clients, today = open_clients(session, agent_ids=agent_ids), _claims_today(session, agent_ids, at)
    before = had_before(session, agent_ids, referral) if referral is not None else {}
    holds = in_force(session)
    known = standings(session, agent_ids, holds) if holds.id is not None else {}
    return [
        Candidate(
            agent_id=agent.id,
            is_paused=agent.paused_at is not None and agent.id != as_if_back,
            paused_until=agent.paused_until if agent.id != as_if_back else None,
            is_team_paused=agent.team is not None and agent.team.paused_at is not None,
            reached_by=ways[agent.id],
            takes=_takes(agent),
            areas=tuple(areas[agent.id]),
            price=(agent.price_min, agent.price_max)
            if agent.price_min is not None and agent.price_max is not None
            else None,
            languages=frozenset((agent.language, *agent.speaks)),
            licensed_in=_licensed_in(agent, at),
            terms=holds.terms,
            standing=known.get(agent.id),
            day=today_in(agent.time_zone, at),
            clients=clients.get(agent.id, 0),
            today=today.get(agent.id, 0),
            most_clients=agent.most_clients,
            most_a_day=agent.most_a_day,
            before=before.get(agent.id),
        )
        for agent in agents
    ]


def _may_cover(place: Place) -> Iterable[ColumnElement[bool]]:
    yield and_(AgentArea.zip_code == zip_key(place.zip_code), AgentArea.miles.is_(None))
    yield and_(
        AgentArea.state == place.state, or_(AgentArea.city.is_(None), func.lower(AgentArea.city) == place.city.lower())
    )
    middle = place.middle
    if middle is not None:
        high = FARTHEST / MILES_A_DEGREE
        wide = high / max(0.1, cos(radians(middle.latitude)))
        yield and_(
            AgentArea.miles.is_not(None),
            AgentArea.latitude.between(middle.latitude - high, middle.latitude + high),
            AgentArea.longitude.between(middle.longitude - wide, middle.longitude + wide),
        )


def _licensed_in(agent: Agent, at: datetime) -> frozenset[str]:
    """The states of the licences that have not expired."""
    today = today_in(agent.time_zone, at)
    return frozenset(one.state for one in map(parse_licence, agent.licences) if one.holds(today))


def _takes(agent: Agent) -> frozenset[ReferralKind]:
    both = {ReferralKind.BUYER: agent.takes_buyers, ReferralKind.SELLER: agent.takes_sellers}
    return frozenset(kind for kind, wanted in both.items() if wanted)


def _reached_by(session: Session, agents: Sequence[Agent]) -> dict[UUID, tuple[str, ...]]:
    states = channel_states(session, [agent.id for agent in agents])
    with_browser = {found.account_id for found in live_subscriptions(session, [agent.account_id for agent in agents])}

    def works(agent: Agent, channel: Channel) -> bool:
        why = suppression_of(states[agent.id, channel], agreed_to_texts=agent.sms_consent_at is not None)
        return why is None and (channel is not Channel.PUSH or agent.account_id in with_browser)

    return {agent.id: tuple(channel.value for channel in CHOSEN if works(agent, channel)) for agent in agents}


def _claims_today(session: Session, agent_ids: Sequence[UUID], at: datetime) -> Mapping[UUID, int]:
    there = func.timezone(Agent.time_zone, at)
    midnight = func.timezone(Agent.time_zone, func.date_trunc("day", there))
    query = (
        select(Claim.agent_id, func.count())
        .join(Agent, Agent.id == Claim.agent_id)
        .where(Claim.agent_id.in_(agent_ids), Claim.at >= midnight, Claim.at <= at)
        .group_by(Claim.agent_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def had_before(session: Session, agent_ids: Sequence[UUID], referral: Referral) -> dict[UUID, str]:
    """What became of their last offer of this referral; who has said that the client is theirs is out of it, too.

    Who wanted it and was not first may have it yet, if it is given back.
    """
    offers = (
        select(Offer.agent_id, Offer.status)
        .where(Offer.referral_id == referral.id, Offer.status != OfferStatus.LOST)
        .order_by(Offer.id)
    )
    found: dict[UUID, str] = {row[0]: row[1].value for row in session.execute(offers) if row[0] in set(agent_ids)}
    of_client = exists().where(Referral.id == DealEvent.referral_id, Referral.client_id == referral.client_id)
    said = select(DealEvent.agent_id).where(
        DealEvent.agent_id.in_(agent_ids), DealEvent.report == Report.ALREADY_MINE, of_client
    )
    found.update({id_: THEIRS for id_ in session.scalars(said) if id_ is not None})
    return found
