"""What is written: an SMS of one segment however long the names are, and mails that every program can read."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import UUID

import pytest
from flask import Flask, render_template
from sqlalchemy import select

from app import create_app
from app.claims.notices import LOST
from app.config import LONGEST_PUBLIC_URL, load_settings
from app.core.database.ids import new_id
from app.core.runtime import runtime
from app.core.urls import links
from app.extensions import db
from app.notifications.channels.rules import Channel
from app.notifications.kinds import Kind
from app.notifications.models import Notification
from app.notifications.wording.compose import sms_words
from app.notifications.wording.values import message_values
from app.numbers.notices import NUMBER_CHANGED, NUMBER_CODE
from app.offers.notices import OFFER
from sandbox.sms.segments import GSM_7, GSM_7_EXTENDED
from tests.support.browser.browser import Visitor
from tests.support.browser.links import LINK
from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.mailbox import ReceivedMail
from tests.support.world.network import Network
from tests.support.world.product import Product

LONGEST_URL = "https://referrals.hill-country-homes.com"
SEGMENT = 160
DEAREST = {"min": 999_990_000, "max": 999_990_000}
HREF = re.compile(r'href="([^"]*)"')


@pytest.fixture
def far_app(product: Product, network: Network) -> Iterator[Flask]:
    """The product as it would be at the longest address allowed, on the same rows."""
    far = {"PUBLIC_URL": LONGEST_URL, "SECRET_KEY": "secret-key-of-tests-of-words"}
    app = create_app(load_settings({**product.env, **far}))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def units(text: str) -> int:
    """How much room `text` takes in GSM-7; characters of the extension take two. Fails on any other character."""
    assert [char for char in text if char not in GSM_7 | GSM_7_EXTENDED] == []
    return len(text) + sum(char in GSM_7_EXTENDED for char in text)


def worded(kind: Kind) -> str:
    """The one SMS of this kind in the database, as the app at hand words it."""
    query = select(Notification).where(Notification.kind == kind, Notification.channel == Channel.SMS)
    notification = db.session.scalars(query).one()
    return sms_words(render_template, kind, message_values(db.session(), notification, links(runtime()), ()))


def test_the_longest_address_is_as_long_as_settings_allow(far_app: Flask) -> None:
    assert len(LONGEST_URL) == LONGEST_PUBLIC_URL
    link = links(runtime()).offer(new_id())
    assert link.startswith(f"{LONGEST_URL}/o/")
    assert units(link) == len(link) == LONGEST_PUBLIC_URL + 39


def city_in(words: str) -> str:
    """What a text about the dearest home has room for; everything else in it is whole."""
    found = re.fullmatch(
        r"(?:\w+: )?Seller in (.+), 78704, about \$999\.99M\. Reply 1 for a call, 2 to decline: \S+", words
    )
    assert found is not None
    return found[1]


@pytest.mark.parametrize("city", ["W" * 80, "Española de los Alamos" + " é" * 29])
def test_the_longest_offer_is_one_segment(network: Network, carrier: Carrier, far_app: Flask, city: str) -> None:
    sam = network.add_agent("Maximiliana-Wilhelmina" * 3)
    area = {"city": city, "state": "TX", "zip": "78704-1234"}
    network.refer(agent_id=sam.id, area=area, price=DEAREST)
    text = sam.phone.gets_text("Seller in")
    assert text.segments == 1
    assert units(text.body) <= SEGMENT
    assert units(worded(OFFER)) <= SEGMENT
    near, far = (city_in(words) for words in (text.body, worded(OFFER)))
    assert city.startswith(near)
    assert near.startswith(far)
    assert len(city) > len(near) > len(far) > 0  # an address that is shorter leaves the city more room


def test_an_offer_says_what_and_where_and_how_to_claim(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    text = sam.phone.gets_text()
    assert text.body == f"Dibs: Seller in Austin, 78704, about $600k. Reply 1 for a call, 2 to decline: {text.link}"
    assert text.link.startswith(f"{network.url}/o/")


def test_the_longest_loss_is_one_segment(network: Network, carrier: Carrier, far_app: Flask) -> None:
    team = network.add_team()
    winner, loser = network.add_agent("W" * 80, team), network.add_agent("Priya Raman", team)
    network.refer(team_id=team, area={"city": "W" * 80, "state": "TX", "zip": "78704"}, price=DEAREST)
    loser.phone.gets_text("Seller in")
    Page(winner.phone.gets_text().link).press("call")
    winner.phone.rings().answer().press("1").hears("It's yours")
    text = loser.phone.gets_text("was first")
    assert text.segments == 1
    assert units(worded(LOST)) <= SEGMENT


def is_of_one_segment(app: Flask, kind: Kind, **values: object) -> bool:
    """Whether this SMS fits when brand and address are as long as they get."""
    with app.app_context():
        return units(sms_words(render_template, kind, {"brand": "W" * 80, **values})) <= SEGMENT


def test_the_longest_texts_about_a_number_are_one_segment(far_app: Flask) -> None:
    link = links(runtime()).number_revert(new_id())
    assert len(link) == LONGEST_PUBLIC_URL + 39
    for is_own in (True, False):
        assert is_of_one_segment(far_app, NUMBER_CHANGED, ending="9999", is_own=is_own, link=link)
    assert is_of_one_segment(far_app, NUMBER_CODE, code="482913", minutes=10)


def test_the_mail_about_a_number_is_well_made(network: Network, carrier: Carrier, product: Product) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    link, visitor = sam.phone.gets_text().link, Visitor(product.url)
    visitor.post(f"{link}/number", phone="+15125559997")
    visitor.post(f"{link}/number/code", code=carrier.phone("+15125559997").gets_text("code").body[:6])
    mail = sam.mailbox.gets_mail("Make (512) 555-9997 your number?")
    assert is_well_made(mail, product)
    assert "your number stays (512) 555-" in mail.text


def is_well_made(mail: ReceivedMail, product: Product) -> bool:
    """Two readable parts with the same one link, and the headers that mail servers ask for.

    Mail about an offer has a second link, below everything else, that stops such mail.
    """
    in_text = LINK.findall(mail.text)
    in_html = [html.unescape(link) for link in HREF.findall(mail.html) if link.startswith("http")]
    assert in_html == in_text
    assert all(link.startswith(f"{product.url}/") for link in in_text)
    is_stoppable = "Stop these emails" in mail.text
    assert [f"{product.url}/unsubscribe/" in link for link in in_text] == [False, True][: 1 + is_stoppable]
    one_click = mail.headers.get("List-Unsubscribe"), mail.headers.get("List-Unsubscribe-Post")
    stops = (f"<{in_text[1]}>", "List-Unsubscribe=One-Click") if is_stoppable else (None, None)
    assert one_click == stops
    assert mail.envelope_sender == "bounces@dibs.example"
    assert "<" not in mail.text
    assert mail.html.lstrip().startswith("<!doctype html>")
    assert not re.search(r"<script|<img|<form|<link|src=", mail.html)
    identity = re.fullmatch(r"<([0-9a-f-]{36})@dibs\.example>", mail.headers["Message-ID"])
    assert identity is not None
    assert UUID(identity[1])
    sent = parsedate_to_datetime(mail.headers["Date"])
    assert sent.tzinfo is not None
    assert abs(datetime.now(UTC) - sent) < timedelta(minutes=2)
    assert mail.headers["From"] == "Dibs <referrals@dibs.example>"
    assert mail.headers["Auto-Submitted"] == "auto-generated"
    assert mail.subject == mail.subject.strip() != ""
    return True


def test_every_mail_of_a_referral_is_well_made(network: Network, carrier: Carrier, product: Product) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    network.refer(team_id=team)
    offered = [sam.mailbox.gets_mail("Seller in Austin"), priya.mailbox.gets_mail("Seller in Austin")]
    Page(sam.phone.gets_text().link).press("call")
    sam.phone.rings().answer().press("1").hears("It's yours").hang_up()
    mails = [
        *offered,
        sam.mailbox.gets_mail("Maria Delgado"),
        priya.mailbox.gets_mail("Sam was first"),
    ]
    assert all(is_well_made(mail, product) for mail in mails)
    assert len({mail.headers["Message-ID"] for mail in mails}) == len(mails)


def test_the_mails_of_people_who_run_the_network_are_well_made(
    network: Network, carrier: Carrier, product: Product
) -> None:
    flask(product, "admins", "create", "boss@network.example")
    network.refer(agent_id=network.add_agent(takes=["buyer"]).id)
    boss = carrier.inbox("boss@network.example")
    assert is_well_made(boss.gets_mail("Nobody has it"), product)
    Visitor(product.url).post("/sign-in", email="boss@network.example")
    assert is_well_made(boss.gets_mail("sign-in link"), product)


def test_names_are_text_in_a_mail_and_never_markup(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    client = {"name": "Maria <b>& Co</b>", "phone": "(512) 555-7999", "email": "maria@mail.example"}
    network.refer(agent_id=sam.id, client=client, notes="<script>alert(1)</script>")
    Page(sam.phone.gets_text().link).press("call")
    sam.phone.rings().answer().press("1").hears("It's yours").hang_up()
    mail = sam.mailbox.gets_mail("Maria")
    assert mail.subject.startswith("Maria <b>& Co</b>: ")
    assert "Maria <b>& Co</b> is yours" in mail.text
    assert "Maria &lt;b&gt;&amp; Co&lt;/b&gt;" in mail.html
    assert "<script>" not in mail.html
    assert "<b>" not in mail.html


def test_a_mails_id_and_date_are_those_of_its_row_however_often_it_is_sent(
    network: Network, carrier: Carrier, far_app: Flask
) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    mail = sam.mailbox.gets_mail("Seller in Austin")
    query = select(Notification).where(Notification.channel == Channel.EMAIL)
    notification = db.session.scalars(query).one()
    assert mail.headers["Message-ID"] == f"<{notification.id}@dibs.example>"
    assert parsedate_to_datetime(mail.headers["Date"]) == notification.created_at.replace(microsecond=0)
