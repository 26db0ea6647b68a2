"""Before the claim nobody is told who the client is, on any channel. PRODUCT.md, "Notify"."""

from dataclasses import replace

import pytest

from app.access.notices import SIGN_IN
from app.calls.notices import DETAILS
from app.inbound.notices import CLIENT_CALLED
from app.notifications.cast import TYPICAL, SampleClient
from app.notifications.channels.rules import Channel
from app.notifications.kinds import Kind
from app.offers.notices import NO_AGENT
from tests.support.carrier.carrier import Carrier
from tests.support.phone.words import BEFORE_THE_CLAIM, Words
from tests.support.world.network import Network

CLIENT = SampleClient("Zephyrine Quillfeather", "+15125557777", "zq@mail.example")
SECRETS = ("Quillfeather", "zq@mail", "5557777", "555-7777", "(512) 555-7")
CAST = replace(TYPICAL, client=CLIENT, notes="Sells 12 Secret Street")
SENT_BEFORE = [(kind, channel) for kind in BEFORE_THE_CLAIM for channel in kind.channels]


@pytest.mark.parametrize(("kind", "channel"), SENT_BEFORE)
def test_nothing_of_the_client_is_told_before_the_claim(words: Words, kind: Kind, channel: Channel) -> None:
    assert "client" not in words.values(kind, channel, CAST)
    told = words.on(channel, kind, CAST)
    assert not [secret for secret in (*SECRETS, "Zephyrine", "Secret Street") if secret in told]


def test_admins_and_who_signs_in_are_told_no_more(words: Words) -> None:
    for kind in (NO_AGENT, SIGN_IN):
        told = words.on(Channel.EMAIL, kind, CAST)
        assert not [secret for secret in (*SECRETS, "Zephyrine", "Secret Street") if secret in told]


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.PUSH])
def test_a_screen_that_others_see_shows_a_first_name_at_most(words: Words, channel: Channel) -> None:
    """The agent has claimed by then; a phone on a table still shows it to whoever sits there."""
    told = words.on(channel, CLIENT_CALLED, CAST)
    assert "Zephyrine" in told
    assert not [secret for secret in SECRETS if secret in told]


def test_who_has_claimed_gets_it_all_by_mail(words: Words) -> None:
    for kind in (DETAILS, CLIENT_CALLED):
        told = words.on(Channel.EMAIL, kind, CAST)
        assert "Zephyrine Quillfeather" in told
        assert "(512) 555-7777" in told


def test_the_messages_really_sent_tell_nothing_either(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent("Sam Ortiz")
    client = {"name": CLIENT.name, "phone": CLIENT.phone, "email": CLIENT.email}
    network.refer(agent_id=sam.id, client=client, notes="Sells 12 Secret Street")
    mail = sam.mailbox.gets_mail("Seller in")
    for told in (sam.phone.gets_text().body, mail.subject, mail.text, mail.html, str(mail.headers)):
        assert not [secret for secret in (*SECRETS, "Zephyrine", "Secret Street") if secret in told]
