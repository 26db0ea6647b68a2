"""What people are told of an offer: that there is one, and, where nobody took it, that nobody has it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session, joinedload

from app.core.language import gettext as _
from app.core.language import mark, ngettext
from app.notifications.cast import NOBODY
from app.notifications.channels.rules import Channel
from app.notifications.channels.suppression import Suppression
from app.notifications.kinds import KINDS, ON_THREE, Button, Carried, Digest, Draft, Kind, Sample, Subject
from app.notifications.models import Notification
from app.offers.models import Offer
from app.offers.rules import DECLINE_WORDS, STATUS_WORDS, DeclineReason, OfferStatus
from app.offers.service import open_offers_of
from app.people.models import Agent
from app.referrals.models import Referral
from app.referrals.rules import Need, ReferralStatus

SETTLED_WITHIN = timedelta(seconds=1)
"""A decline that can no longer be undone takes effect at the sweeper's next turn."""

HAS_AN_OFFER = exists().where(Offer.referral_id == Referral.id, Offer.status == OfferStatus.SENT)

KINDS.open_offers = lambda session, agent_ids, at: open_offers_of(session, agent_ids, at=at)


class NeedValues(TypedDict):
    """What and where. `city` apart from `zip`: a text has room for one only where names are long."""

    need: Need
    city: str
    zip: str


class OfferValues(NeedValues):
    """Of the message with an offer."""

    agent_first_name: str
    link: str
    unsubscribe: str
    letter: str | None
    expires_at: datetime
    time_zone: str


class NoAgentValues(TypedDict):
    """For the admins. `offers` says in words how each one ended."""

    need: Need
    link: str
    offers: list[str]


class HeldValues(TypedDict):
    """For the mail about a held referral. `before`: when the original arrived."""

    need: Need
    link: str
    before: datetime
    time_zone: str


def need_values(need: Need) -> NeedValues:
    """What and where a referral is about."""
    return NeedValues(need=need, city=need.city, zip=need.area)


class OfClientValues(NeedValues):
    """For an agent, about a client of theirs."""

    agent_first_name: str
    client_first_name: str
    link: str


def of_client(draft: Draft) -> OfClientValues:
    """Of a message about the offer by which the agent has, or had, the client."""
    offer = offer_of(draft.session, draft.notification)
    return OfClientValues(
        **need_values(offer.referral.need),
        agent_first_name=offer.agent.first_name,
        client_first_name=offer.referral.client.first_name,
        link=draft.links.portal(offer.referral_id),
    )


def of_client_sample(sample: Sample) -> OfClientValues:
    """The same of a sample."""
    return OfClientValues(
        **need_values(sample.cast.need),
        agent_first_name=sample.cast.agent_first_name,
        client_first_name=sample.cast.client.first_name,
        link=sample.links.portal(NOBODY),
    )


def offer_of(session: Session, notification: Notification) -> Offer:
    """The offer a message is about."""
    return session.get_one(Offer, notification.offer_id)


def read_offers(session: Session, offer_ids: Collection[UUID]) -> Sequence[object]:
    """Offers with all that their messages speak of, in one query."""
    with_all = (
        joinedload(Offer.agent).joinedload(Agent.team),
        joinedload(Offer.referral).joinedload(Referral.client),
    )
    return session.scalars(select(Offer).where(Offer.id.in_(offer_ids)).options(*with_all)).all()


def _offer(draft: Draft) -> OfferValues:
    offer = offer_of(draft.session, draft.notification)
    return OfferValues(
        **need_values(offer.referral.need),
        agent_first_name=offer.agent.first_name,
        link=draft.links.offer(offer.id),
        unsubscribe=draft.links.unsubscribe(offer.agent_id),
        letter=offer.letter if set(draft.open_offers) - {offer.id} else None,
        expires_at=offer.expires_at,
        time_zone=offer.agent.time_zone,
    )


def _offer_sample(sample: Sample) -> OfferValues:
    return OfferValues(
        **need_values(sample.cast.need),
        agent_first_name=sample.cast.agent_first_name,
        link=sample.links.offer(NOBODY),
        unsubscribe=sample.links.unsubscribe(NOBODY),
        letter=sample.cast.letter,
        expires_at=sample.at + timedelta(minutes=30),
        time_zone="America/Chicago",
    )


def _why_drop_offer(session: Session, notification: Notification, _at: datetime) -> Suppression | None:
    offer = offer_of(session, notification)
    if offer.status is not OfferStatus.SENT:
        return Suppression.OVER
    return Suppression.PAUSED if _is_paused(offer.agent) else None


def _is_paused(agent: Agent) -> bool:
    return agent.paused_at is not None or (agent.team is not None and agent.team.paused_at is not None)


def _decline_settles(session: Session, notification: Notification, at: datetime) -> datetime | None:
    """A decline can still be undone."""
    declines_at = offer_of(session, notification).decline_at
    return max(declines_at, at + SETTLED_WITHIN) if declines_at is not None else None


def _no_agent(draft: Draft) -> NoAgentValues:
    referral = draft.session.get_one(Referral, draft.notification.referral_id)
    offers = draft.session.execute(
        select(Agent.name, Offer.status, Offer.decline_reason, Offer.decline_words)
        .join(Offer, Offer.agent_id == Agent.id)
        .where(Offer.referral_id == referral.id)
        .order_by(Offer.id)
    ).all()
    return NoAgentValues(
        need=referral.need,
        link=draft.links.admin(referral.id),
        offers=[_outcome(*offer) for offer in offers],
    )


def _outcome(name: str, status: OfferStatus, reason: DeclineReason | None, words: str | None) -> str:
    """`Sam Ortiz: declined. Too far away: "an hour by car"`."""
    why = f". {_(DECLINE_WORDS[reason])}" if reason is not None else ""
    return f"{name}: {_(STATUS_WORDS[status])}{why}" + (f': "{words}"' if words else "")


def _no_agent_sample(sample: Sample) -> NoAgentValues:
    return NoAgentValues(need=sample.cast.need, link=sample.links.admin(NOBODY), offers=list(sample.cast.outcomes))


def _held(draft: Draft) -> HeldValues:
    referral = draft.session.get_one(Referral, draft.notification.referral_id)
    before = draft.session.get_one(Referral, referral.duplicate_of)
    return HeldValues(
        need=referral.need,
        link=draft.links.admin(referral.id),
        before=before.created_at,
        time_zone=referral.time_zone,
    )


def _held_sample(sample: Sample) -> HeldValues:
    return HeldValues(
        need=sample.cast.need,
        link=sample.links.admin(NOBODY),
        before=sample.at - timedelta(hours=2),
        time_zone="America/Chicago",
    )


def _why_drop_held(session: Session, notification: Notification, _at: datetime) -> Suppression | None:
    referral = session.get_one(Referral, notification.referral_id)
    return None if referral.status is ReferralStatus.HELD else Suppression.OVER


OFFER = KINDS.declare(
    Kind(
        name="offer",
        subject=Subject.OFFER,
        channels=ON_THREE,
        title="New referral",
        when="To each agent it is offered to, at once.",
        place=1,
        values=_offer,
        sample=_offer_sample,
        line="with the offer",
        over="the offer was over by then",
        quiet_hours=True,
        carried=Carried.WHILE_WANTED,
        buttons=(Button("call", mark("Call me")), Button("decline", mark("Decline"))),
        prefetch=read_offers,
        why_drop=_why_drop_offer,
        waits_until=_decline_settles,
    )
)
NO_AGENT = KINDS.declare(
    Kind(
        name="no_agent",
        subject=Subject.REFERRAL,
        channels=(Channel.EMAIL,),
        title="Nobody has it",
        when="To admins, when no offer stands any more.",
        place=6,
        values=_no_agent,
        sample=_no_agent_sample,
        line="that nobody has it",
        repeats=True,
        digest=Digest(
            lambda num: ngettext("Nobody has %(num)s more referral", "Nobody has %(num)s more referrals", num),
            still=and_(Referral.status == ReferralStatus.OPEN, ~HAS_AN_OFFER),
        ),
    )
)
HELD = KINDS.declare(
    Kind(
        name="held",
        subject=Subject.REFERRAL,
        channels=(Channel.EMAIL,),
        title="Sent twice",
        when="To admins, when the same need of the same client was sent again within a day.",
        place=15,
        values=_held,
        sample=_held_sample,
        line="that it was held",
        over="somebody had decided by then",
        why_drop=_why_drop_held,
        digest=Digest(
            lambda num: ngettext("%(num)s more referral was sent twice", "%(num)s more referrals were sent twice", num),
            still=Referral.status == ReferralStatus.HELD,
        ),
    )
)
