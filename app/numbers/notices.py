"""The messages of a change of number: the code to the new phone, the question by email, word to the old phone."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.notifications.cast import NOBODY
from app.notifications.channels.rules import Channel
from app.notifications.channels.suppression import Suppression
from app.notifications.kinds import KINDS, Draft, Kind, Sample, Subject
from app.notifications.models import Notification
from app.numbers.models import NumberChange
from app.numbers.rules import CODE_LIFETIME, UNDO_LIFETIME
from app.offers.models import Offer
from app.referrals.rules import Need


class CodeValues(TypedDict):
    """Of the code."""

    code: str | None
    minutes: int


class ConfirmValues(TypedDict):
    """Of the mail that asks whether the new phone is to be their own."""

    agent_first_name: str
    need: Need
    new_phone: str
    old_phone: str
    link: str
    hours: int


class ChangedValues(TypedDict):
    """Of the text to the old phone. `ending`: the last four digits of the new one."""

    ending: str
    is_own: bool
    link: str


CODE_MINUTES = round(CODE_LIFETIME.total_seconds() / 60)
UNDO_HOURS = round(UNDO_LIFETIME.total_seconds() / 3600)


def _change_of(session: Session, notification: Notification) -> NumberChange:
    return session.get_one(NumberChange, notification.number_change_id)


def _read_changes(session: Session, change_ids: Collection[UUID]) -> Sequence[object]:
    return session.scalars(select(NumberChange).where(NumberChange.id.in_(change_ids))).all()


def _code(draft: Draft) -> CodeValues:
    return CodeValues(code=_change_of(draft.session, draft.notification).code, minutes=CODE_MINUTES)


def _code_sample(_sample: Sample) -> CodeValues:
    return CodeValues(code="482913", minutes=CODE_MINUTES)


def _confirm(draft: Draft) -> ConfirmValues:
    change = _change_of(draft.session, draft.notification)
    offer = draft.session.get_one(Offer, change.offer_id)
    return ConfirmValues(
        agent_first_name=offer.agent.first_name,
        need=offer.referral.need,
        new_phone=change.new_phone,
        old_phone=change.old_phone,
        link=draft.links.number_confirm(change.id),
        hours=UNDO_HOURS,
    )


def _confirm_sample(sample: Sample) -> ConfirmValues:
    return ConfirmValues(
        agent_first_name=sample.cast.agent_first_name,
        need=sample.cast.need,
        new_phone="+15125559999",
        old_phone="+15125551001",
        link=sample.links.number_confirm(NOBODY),
        hours=UNDO_HOURS,
    )


def _changed(draft: Draft) -> ChangedValues:
    change = _change_of(draft.session, draft.notification)
    return ChangedValues(
        ending=change.new_phone[-4:],
        is_own=change.confirmed_at is not None,
        link=draft.links.number_revert(change.id),
    )


def _changed_sample(sample: Sample) -> ChangedValues:
    return ChangedValues(ending="9999", is_own=False, link=sample.links.number_revert(NOBODY))


def _why_drop_code(session: Session, notification: Notification, _at: datetime) -> Suppression | None:
    return None if _change_of(session, notification).code is not None else Suppression.OVER


def _why_drop_confirm(session: Session, notification: Notification, _at: datetime) -> Suppression | None:
    change = _change_of(session, notification)
    return None if change.reverted_at is None and change.confirmed_at is None else Suppression.OVER


def _why_drop_changed(session: Session, notification: Notification, _at: datetime) -> Suppression | None:
    return None if _change_of(session, notification).reverted_at is None else Suppression.OVER


NUMBER_CODE = KINDS.declare(
    Kind(
        name="number_code",
        subject=Subject.NUMBER_CHANGE,
        channels=(Channel.SMS, Channel.VOICE),
        title="Code for a number",
        when="To the phone that is to be proved.",
        place=8,
        values=_code,
        sample=_code_sample,
        line="with the code for a new number",
        awaited=True,
        repeats=True,
        prefetch=_read_changes,
        why_drop=_why_drop_code,
        phone=lambda session, notification: _change_of(session, notification).new_phone,
    )
)
NUMBER_CONFIRM = KINDS.declare(
    Kind(
        name="number_confirm",
        subject=Subject.NUMBER_CHANGE,
        channels=(Channel.EMAIL,),
        title="Make it your number?",
        when="To the agent's address, when another phone serves an offer.",
        place=9,
        values=_confirm,
        sample=_confirm_sample,
        line="asking whether to keep the new number",
        prefetch=_read_changes,
        why_drop=_why_drop_confirm,
    )
)
NUMBER_CHANGED = KINDS.declare(
    Kind(
        name="number_changed",
        subject=Subject.NUMBER_CHANGE,
        channels=(Channel.SMS,),
        title="Number changed",
        when="To the phone that was rung before.",
        place=10,
        values=_changed,
        sample=_changed_sample,
        line="that the number was changed",
        prefetch=_read_changes,
        why_drop=_why_drop_changed,
        phone=lambda session, notification: _change_of(session, notification).old_phone,
    )
)
