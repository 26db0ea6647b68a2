"""Messages about a claim: to the others, that somebody was first; to its agent, that a strange phone made it."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.calls.models import Call, Direction
from app.claims.lost_to import lost_to_whom
from app.core.formats import seconds
from app.core.language import gettext as _
from app.notifications.cast import NOBODY
from app.notifications.channels.suppression import Suppression
from app.notifications.kinds import KINDS, ON_THREE, Carried, Draft, Kind, Sample, Subject
from app.notifications.models import Notification
from app.notifications.rules import NotificationStatus
from app.offers.notices import OFFER, NeedValues, need_values, offer_of, read_offers

TOLD = frozenset({NotificationStatus.SENT, NotificationStatus.DELIVERED})
UNDECIDED = frozenset({NotificationStatus.SENDING})
LOOK_AGAIN = timedelta(seconds=1)
PIN_CALLER = (
    select(Call.phone)
    .where(Call.offer_id == bindparam("this_offer"), Call.accepted_at.is_not(None), Call.direction == Direction.INBOUND)
    .order_by(Call.accepted_at)
    .limit(1)
)
"""The phone from which the PIN was typed."""


class LostValues(NeedValues):
    """Of the message to those who were not first."""

    agent_first_name: str
    winner_first_name: str
    is_teammate: bool
    lead: str
    link: str
    unsubscribe: str


class ByPinValues(NeedValues):
    """Of a claim by PIN. `ending`: the last four digits of the phone, or empty if its number proves nothing."""

    agent_first_name: str
    ending: str
    link: str


def _lost(draft: Draft) -> LostValues:
    offer = offer_of(draft.session, draft.notification)
    lost_to = lost_to_whom(draft.session, offer_id=offer.id)
    return LostValues(
        **need_values(offer.referral.need),
        agent_first_name=offer.agent.first_name,
        winner_first_name=lost_to.winner_first_name,
        is_teammate=lost_to.is_teammate,
        lead=_lead(lost_to.behind_seconds),
        link=draft.links.offer(offer.id),
        unsubscribe=draft.links.unsubscribe(offer.agent_id),
    )


def _lead(behind_seconds: int | None) -> str:
    """`, by 4 seconds`; nothing where it was no race, or too close for words."""
    return _(", by %(seconds)s", seconds=seconds(behind_seconds)) if behind_seconds else ""


def _lost_sample(sample: Sample) -> LostValues:
    return LostValues(
        **need_values(sample.cast.need),
        agent_first_name=sample.cast.agent_first_name,
        winner_first_name=sample.cast.winner_first_name,
        is_teammate=True,
        lead=_lead(sample.cast.behind_seconds),
        link=sample.links.offer(NOBODY),
        unsubscribe=sample.links.unsubscribe(NOBODY),
    )


def _word_of_the_offer(session: Session, notification: Notification) -> NotificationStatus | None:
    """What has become of the message with the offer that went this way."""
    this_way = (
        Notification.offer_id == notification.offer_id,
        Notification.kind == OFFER,
        Notification.channel == notification.channel,
        Notification.push_subscription_id.is_not_distinct_from(notification.push_subscription_id),
    )
    return session.scalar(select(Notification.status).where(*this_way))


def _why_drop_lost(session: Session, notification: Notification, _at: datetime) -> Suppression | None:
    """The message with the offer was on its way when somebody claimed, and has not gone out since."""
    return None if _word_of_the_offer(session, notification) in TOLD | UNDECIDED else Suppression.OVER


def _offer_is_out(session: Session, notification: Notification, at: datetime) -> datetime | None:
    """It is not known yet what became of the message with the offer."""
    return at + LOOK_AGAIN if _word_of_the_offer(session, notification) in UNDECIDED else None


def _by_pin(draft: Draft) -> ByPinValues:
    offer = offer_of(draft.session, draft.notification)
    phone = draft.session.scalar(PIN_CALLER, {"this_offer": offer.id})
    ours = (None, offer.agent.phone, offer.phone)  # it hid its number, or claimed to be the agent's own
    return ByPinValues(
        **need_values(offer.referral.need),
        agent_first_name=offer.agent.first_name,
        ending="" if phone in ours else phone[-4:],
        link=draft.links.portal(offer.referral_id),
    )


def _by_pin_sample(sample: Sample) -> ByPinValues:
    return ByPinValues(
        **need_values(sample.cast.need),
        agent_first_name=sample.cast.agent_first_name,
        ending="9999",
        link=sample.links.portal(NOBODY),
    )


LOST = KINDS.declare(
    Kind(
        name="lost",
        subject=Subject.OFFER,
        channels=ON_THREE,
        title="Somebody was first",
        when="To the others, when one has claimed.",
        place=2,
        values=_lost,
        sample=_lost_sample,
        line="that somebody was first",
        over="it was too late, or they had not been told of the offer",
        carried=Carried.WHILE_WANTED,
        prefetch=read_offers,
        why_drop=_why_drop_lost,
        waits_until=_offer_is_out,
    )
)
"""Keeps no quiet hours: its reader was told of the offer some minutes before."""
CLAIMED_BY_PIN = KINDS.declare(
    Kind(
        name="claimed_by_pin",
        subject=Subject.OFFER,
        channels=ON_THREE,
        title="Claimed by PIN",
        when="To the agent, when somebody claims with the PIN from a phone that is not theirs.",
        place=12,
        values=_by_pin,
        sample=_by_pin_sample,
        line="about a claim by PIN from a phone that is not theirs",
        carried=Carried.WHILE_ON,
        prefetch=read_offers,
    )
)
