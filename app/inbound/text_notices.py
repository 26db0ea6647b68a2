"""A client's texts and messages: to the agent that one has come, to the client what the agent answers."""

from datetime import datetime
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bookings.notices import read_referrals
from app.core.language import mark
from app.core.names import shown_agent
from app.inbound.client_reply import ClientReply, wrote_lately
from app.notifications.cast import NOBODY
from app.notifications.channels.rules import Channel
from app.notifications.kinds import KINDS, ON_THREE, Carried, Draft, Kind, Sample, Subject
from app.notifications.models import Notification
from app.offers.notices import NeedValues, need_values, offer_of, read_offers
from app.people.models import Agent


class TextedValues(NeedValues):
    """Of the message to the agent."""

    agent_first_name: str
    client_first_name: str
    link: str


class ReplyValues(TypedDict):
    """Of the answer to the client."""

    agent_first_name: str
    body: str


def _texted(draft: Draft) -> TextedValues:
    offer = offer_of(draft.session, draft.notification)
    return TextedValues(
        **need_values(offer.referral.need),
        agent_first_name=offer.agent.first_name,
        client_first_name=offer.referral.client.first_name,
        link=draft.links.portal(offer.referral_id),
    )


def _texted_sample(sample: Sample) -> TextedValues:
    return TextedValues(
        **need_values(sample.cast.need),
        agent_first_name=sample.cast.agent_first_name,
        client_first_name=sample.cast.client.first_name,
        link=sample.links.portal(NOBODY),
    )


def _reply(draft: Draft) -> ReplyValues:
    of = draft.notification
    query = select(ClientReply.body, Agent.name).join(Agent, Agent.id == ClientReply.agent_id)
    body, name = draft.session.execute(
        query.where(ClientReply.referral_id == of.referral_id, ClientReply.at == of.created_at)
    ).one()
    return ReplyValues(agent_first_name=shown_agent(name), body=body)


def _reply_sample(sample: Sample) -> ReplyValues:
    return ReplyValues(agent_first_name=sample.cast.agent_first_name, body="Saturday at ten suits me. Shall I come by?")


def _answers(session: Session, notification: Notification, at: datetime) -> bool:
    assert notification.referral_id is not None
    return wrote_lately(session, referral_id=notification.referral_id, at=at)


CLIENT_TEXTED = KINDS.declare(
    Kind(
        name="client_texted",
        subject=Subject.OFFER,
        channels=ON_THREE,
        title="Client texted",
        when="To the agent, when their client texts our number.",
        place=20,
        values=_texted,
        sample=_texted_sample,
        line="that the client texted",
        carried=Carried.WHILE_ON,
        repeats=True,
        prefetch=read_offers,
    )
)
CLIENT_VOICEMAIL = KINDS.declare(
    Kind(
        name="client_voicemail",
        subject=Subject.OFFER,
        channels=ON_THREE,
        title="Client left a message",
        when="To the agent, when their client rang our number, reached nobody, and left a message.",
        place=22,
        values=_texted,
        sample=_texted_sample,
        line="that the client left a message",
        carried=Carried.WHILE_ON,
        repeats=True,
        prefetch=read_offers,
    )
)
AGENT_REPLY = KINDS.declare(
    Kind(
        name="agent_reply",
        subject=Subject.REFERRAL,
        channels=(Channel.SMS,),
        title="Agent's answer",
        when="To the client, when their agent answers a text from the portal. With consent for texts, or within a day.",
        place=21,
        values=_reply,
        sample=_reply_sample,
        line=mark("with their agent's answer"),
        to_client=True,
        answers_client=_answers,
        repeats=True,
        prefetch=read_referrals,
    )
)
