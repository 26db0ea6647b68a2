"""What a push carries: words for the screen, where a tap leads, and what replaces what."""

import json
from base64 import urlsafe_b64decode
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.claims.notices import LOST
from app.inbound.notices import CLIENT_CALLED
from app.notifications.cast import LONGEST
from app.notifications.channels.rules import Channel
from app.notifications.kinds import Kind
from app.notifications.models import Notification
from app.notifications.reach.notices import TEST
from app.notifications.wording.compose import push_topic
from app.offers.notices import OFFER
from tests.support.phone.words import BRANDS, LONGEST_BRAND, Players, Words, by, casts

ROOM = 3000
TOPIC = r"[A-Za-z0-9_-]{1,32}"
"""RFC 8030, 5.4."""


def test_an_offer_says_what_and_where_and_has_two_buttons(words: Words) -> None:
    payload = json.loads(words.push(OFFER))
    assert payload["kind"] == "offer"
    assert payload["title"] == "Seller in Austin, 78704"
    assert payload["body"].startswith("About $600k. Open until ")
    assert payload["actions"] == [{"action": "call", "title": "Call me"}, {"action": "decline", "title": "Decline"}]
    assert payload["badge"] == 2


def test_a_loss_says_who_and_by_how_much_and_has_no_buttons(words: Words) -> None:
    payload = json.loads(words.push(LOST))
    assert payload["title"] == "Sam was first, by 4 seconds"
    assert payload["body"] == "Seller in Austin, 78704 is with your team."
    assert payload["actions"] == []


@pytest.mark.parametrize("kind", [CLIENT_CALLED, TEST], ids=str)
def test_the_others_have_no_buttons(words: Words, kind: Kind) -> None:
    assert json.loads(words.push(kind))["actions"] == []


@pytest.mark.parametrize("kind", by(Channel.PUSH), ids=str)
def test_a_tap_leads_to_our_own_origin_only(words: Words, kind: Kind) -> None:
    payload = json.loads(words.push(kind))
    for path in (payload["url"], payload["arrived"]):
        assert path.startswith("/")
        assert not path.startswith("//")
    assert words.url not in words.push(kind)
    assert payload["arrived"].startswith("/a/")


@pytest.mark.parametrize("kind", by(Channel.PUSH), ids=str)
def test_the_longest_names_fit(words: Words, kind: Kind) -> None:
    payload = words.push(kind, LONGEST, brand=LONGEST_BRAND)
    assert len(payload.encode()) < ROOM
    assert ": " not in payload.split(',"title"')[0]  # compact


@settings(deadline=None, max_examples=100)
@given(kind=st.sampled_from(by(Channel.PUSH)), cast=casts(), brand=BRANDS)
def test_any_names_fit_on_two_lines(words: Words, kind: Kind, cast: Players, brand: str) -> None:
    payload = words.push(kind, cast, brand=brand)
    assert len(payload.encode()) < ROOM
    assert json.loads(payload)["title"]


def test_a_newer_message_of_the_same_offer_replaces_the_older() -> None:
    offer_id = uuid4()
    offer, lost = (Notification(kind=kind, offer_id=offer_id) for kind in (OFFER, LOST))
    other = Notification(kind=OFFER, offer_id=uuid4())
    assert push_topic(offer) == push_topic(lost) != push_topic(other)
    assert len(push_topic(offer)) == 22
    assert urlsafe_b64decode(push_topic(offer) + "==") == offer_id.bytes
    assert push_topic(Notification(kind=TEST)) == "test"
