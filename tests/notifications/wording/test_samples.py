"""What the preview shows is what would be sent: every kind and channel has words, and samples hold what rows give."""

import re
from datetime import datetime
from itertools import product as pairs
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.models import SignInLink
from app.access.notices import SIGN_IN
from app.bookings.notices import BOOKED_SOON, CLIENT_ASKS
from app.calls.notices import DETAILS
from app.claims.models import Claim, ClaimEnd
from app.claims.notices import CLAIMED_BY_PIN, LOST
from app.core.clock import now
from app.core.database.ids import new_id
from app.core.language import LANGUAGES
from app.core.runtime import runtime
from app.core.urls import links
from app.desk.notices import ASSIGNED, TAKEN_BACK
from app.extensions import db
from app.inbound.client_texts import reply_to_client
from app.inbound.notices import CLIENT_CALLED, UNPLACED
from app.inbound.text_notices import AGENT_REPLY, CLIENT_TEXTED, CLIENT_VOICEMAIL
from app.notifications.cast import TYPICAL
from app.notifications.channels.rules import Channel
from app.notifications.kinds import KINDS, Kind
from app.notifications.models import Notification
from app.notifications.reach.notices import TEST
from app.notifications.wording.compose import FOLDERS, push_topic, template
from app.notifications.wording.values import message_values, sample_values
from app.numbers.models import NumberChange
from app.offers.models import Offer
from app.offers.notices import HELD, NO_AGENT, OFFER
from app.offers.rules import OfferStatus
from app.offers.service import open_offers_of
from app.people.models import Agent
from app.pipeline.deals import report
from app.pipeline.handover import ask_to_take_over, open_handover, refuse_handover, withdraw_handover
from app.pipeline.handover_notices import HANDOVER_ANSWERED, HANDOVER_ASKED
from app.pipeline.models import Report
from app.pipeline.notices import BAD_REFERRAL, FOLLOW_UP, RELEASED
from app.routing.notices import NOT_WORKED, UNWORKED, WENT_ON
from deploy.processes import ROOT
from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.phone.number import NEW
from tests.support.phone.words import Words
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import change

TEMPLATES = ROOT / "templates"
ENDINGS = {Channel.EMAIL: ("txt", "html")}
NOT_MESSAGES = re.compile(r"mail/(layout\.html|digest\.(html|txt))|sms/reply_\w+\.txt")
"""What mails share, and answers to texts that came in."""


def test_every_kind_has_words_and_values() -> None:
    assert list(KINDS)
    assert all(kind.channels and kind.values and kind.sample for kind in KINDS)


@pytest.mark.parametrize(("kind", "channel"), list(pairs(KINDS, Channel)), ids=str)
def test_what_can_be_sent_has_a_template_and_nothing_else_has(kind: Kind, channel: Channel) -> None:
    for ending in ENDINGS.get(channel, ("txt",)):
        path = TEMPLATES / template(channel, kind, ending)
        if channel is Channel.VOICE and channel not in kind.channels:
            continue  # the voice of a call has words by these names, too
        assert path.exists() == (channel in kind.channels), path


def test_no_template_is_left_over() -> None:
    for channel in (Channel.EMAIL, Channel.SMS, Channel.PUSH):
        folder = TEMPLATES / FOLDERS[channel]
        found = {f"{folder.name}/{path.name}" for path in folder.iterdir() if path.is_file()}
        wanted = {
            template(channel, kind, ending)
            for kind in KINDS for ending in ENDINGS.get(channel, ("txt",)) if channel in kind.channels
        }  # fmt: skip
        assert {name for name in found - wanted if not NOT_MESSAGES.fullmatch(name)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(KINDS), ids=str)
def test_every_message_can_be_worded(words: Words, kind: Kind, language: str) -> None:
    for channel in kind.channels:
        assert words.in_language(language).on(channel, kind).strip()


OF_A_CLIENT = (
    DETAILS, CLIENT_CALLED, CLAIMED_BY_PIN, BOOKED_SOON, CLIENT_ASKS, CLIENT_TEXTED, CLIENT_VOICEMAIL,
    FOLLOW_UP, UNWORKED, WENT_ON, ASSIGNED, TAKEN_BACK,
)  # fmt: skip
"""Of the client whom Sam has claimed."""


class Rows:
    """Rows that each kind of message is about: Sam has claimed, Priya lost, and is offered something else, for which
    no call could be placed."""

    def __init__(self, network: Network, carrier: Carrier, product: Product) -> None:
        team = network.add_team()
        self.sam, self.priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
        claimed = network.refer(team_id=team)
        self.priya.phone.gets_text("Seller in")
        Page(self.sam.phone.gets_text().link).press("call")
        self.sam.phone.rings().answer().press("1").hears("It's yours").hang_up()
        self.offered, page = network.offered(self.priya)
        self.held = network.refer(agent_id=self.priya.id, client=self.offered["client"])
        carrier.behaves(rest_errors=[400])
        page.press("call")
        page.becomes("pin")
        carrier.behaves()
        visitor = Visitor(product.url)
        visitor.post(f"{page.link}/number", phone=NEW)
        visitor.post("/sign-in", email=self.priya.email)
        client_page = network.client_page(claimed)
        client_page.press("book", at=client_page.times[-1])

    def notification(self, kind: Kind, channel: Channel) -> Notification:
        """One message as a row would hold it."""
        sam_ended = kind in OF_A_CLIENT
        agent = self.sam if sam_ended else self.priya
        made = Notification(id=new_id(), kind=kind, channel=channel, created_at=now())
        made.account_id = self._offer(agent, None).agent.account_id
        if sam_ended:
            made.offer_id = self._offer(agent, OfferStatus.CLAIMED).id
        elif kind in (OFFER, UNPLACED, LOST):
            made.offer_id = self._offer(agent, OfferStatus.LOST if kind is LOST else OfferStatus.SENT).id
        elif kind.to_client:
            claimed = self._offer(self.sam, OfferStatus.CLAIMED)
            made.account_id, made.client_id, made.referral_id = None, claimed.referral.client_id, claimed.referral_id
            if kind is AGENT_REPLY:
                reply_to_client(db.session(), offer=claimed, body="Saturday?", at=made.created_at)
        elif kind in (RELEASED, NOT_WORKED, HANDOVER_ASKED, HANDOVER_ANSWERED):
            made.referral_id = self._passed_on(kind, made.created_at)
        elif kind is BAD_REFERRAL:
            claimed = self._offer(self.sam, OfferStatus.CLAIMED)
            made.referral_id = claimed.referral_id
            said = {"what": Report.FAKE, "words": "Nobody of that name there."}
            report(db.session(), referral_id=claimed.referral_id, agent_id=claimed.agent_id, at=made.created_at, **said)
        elif kind in (NO_AGENT, HELD):
            made.referral_id = UUID((self.held if kind is HELD else self.offered)["id"])
        elif kind is SIGN_IN:
            made.sign_in_link_id = db.session.scalars(select(SignInLink.id)).one()
        elif kind is not TEST:
            made.number_change_id = db.session.scalars(select(NumberChange.id)).one()
        return made

    def _passed_on(self, kind: Kind, at: datetime) -> UUID:
        """Sam asks Priya to take over, and she says no; another client was given back."""
        claimed = self._offer(self.sam, OfferStatus.CLAIMED)
        session, id_ = db.session(), claimed.referral_id
        if kind in (RELEASED, NOT_WORKED):
            claim = session.scalars(select(Claim).where(Claim.offer_id == claimed.id)).one()
            how = ClaimEnd.RELEASED if kind is RELEASED else ClaimEnd.NOT_WORKED
            claim.ended_at, claim.ended_how, claim.end_words = at, how, "Too far."
            session.flush()
            return id_
        priya = session.get_one(Agent, UUID(self.priya.id))
        withdraw_handover(session, referral_id=id_, at=at)
        ask_to_take_over(session, referral_id=id_, agent=claimed.agent, to_agent_id=priya.id, words="Near you.", at=at)
        asked = open_handover(session, referral_id=id_)
        assert asked is not None
        if kind is HANDOVER_ANSWERED:
            refuse_handover(session, handover_id=asked.id, agent=priya, at=at)
        return id_

    def _offer(self, agent: AgentInTest, status: OfferStatus | None) -> Offer:
        query = select(Offer).where(Offer.agent_id == UUID(agent.id))
        return db.session.scalars(query if status is None else query.where(Offer.status == status)).first()  # type: ignore[return-value]


def test_a_sample_holds_what_rows_would_give(network: Network, carrier: Carrier, product: Product, app: Flask) -> None:
    rows = Rows(network, carrier, product)
    for kind in KINDS:
        for channel in kind.channels:
            notification = rows.notification(kind, channel)
            real = message_values(db.session(), notification, links(runtime()), ())
            sample = sample_values(kind, channel, cast=TYPICAL, brand="Dibs", links=links(runtime()), at=now())
            assert set(sample) == {"brand", *real}, kind
            for name, value in real.items():
                if name not in ("client", "letter", "badge", "notes"):
                    assert type(sample[name]) is type(value), (kind, name)
            assert real["tag"] == push_topic(notification)


def test_a_badge_counts_what_is_open_and_a_letter_tells_it_apart(
    network: Network, carrier: Carrier, product: Product, app: Flask
) -> None:
    sam = network.add_agent("Sam Ortiz")
    network.refer(agent_id=sam.id)
    assert letters_and_badges(sam) == [(None, 1)]
    network.refer(agent_id=sam.id, area={"city": "Waco", "state": "TX", "zip": "76701"})
    change(product, "UPDATE offer SET letter = 'B' WHERE id = (SELECT max(id::text)::uuid FROM offer)")
    network.refer(agent_id=network.add_agent("Priya Raman").id)
    assert letters_and_badges(sam) == [("A", 2), ("B", 2)]
    change(product, "UPDATE offer SET expires_at = created_at WHERE letter = 'B'")
    assert letters_and_badges(sam)[0] == (None, 1)
    change(product, "UPDATE offer SET expires_at = created_at")
    assert letters_and_badges(sam) == [(None, 0), (None, 0)]


def letters_and_badges(agent: AgentInTest) -> list[tuple[str | None, int]]:
    """Letter and badge in the words of each offer this agent ever got."""
    db.session.rollback()
    found = []
    for offer in db.session.scalars(select(Offer).where(Offer.agent_id == UUID(agent.id)).order_by(Offer.id)):
        notification = Notification(
            id=new_id(), kind=OFFER, channel=Channel.SMS, offer_id=offer.id, account_id=offer.agent.account_id
        )
        open_offers = open_offers_of(db.session(), [offer.agent_id], at=now())[offer.agent_id]
        values = message_values(db.session(), notification, links(runtime()), open_offers)
        found.append((values["letter"], values["badge"]))
    return found
