"""A channel dies: it is off with the reason, the others carry on, and what waits for it is not sent."""

import pytest

from tests.support.carrier.carrier import Carrier
from tests.support.carrier.hooks import Hooks
from tests.support.world.database import Database
from tests.support.world.network import Network
from tests.support.world.waiting import eventually

OFF = "SELECT channel, off_reason, off_code FROM agent_channel WHERE off_at IS NOT NULL"


@pytest.mark.parametrize(
    "fate",
    [
        ("refuse:21614", "landline"),
        ("refuse:21610", "stopped"),
    ],
)
def test_a_phone_that_takes_no_texts(
    network: Network, carrier: Carrier, database: Database, fate: tuple[str, str]
) -> None:
    becomes, reason = fate
    sam = network.add_agent()
    carrier.act("phones", number=sam.phone.number, delivery=becomes)
    network.refer(agent_id=sam.id)
    eventually(lambda: database.rows(OFF) == [("sms", reason, becomes[-5:])], "texts are off")
    sam.mailbox.gets_mail("Seller in")
    before = carrier.texts_asked_for(sam.phone)
    network.refer(agent_id=sam.id)
    eventually(lambda: len(sam.mailbox.mails("Seller in")) == 2, "the second mail")
    eventually(
        lambda: not database.rows("SELECT 1 FROM notification WHERE status IN ('queued', 'sending')"), "an end of all"
    )
    assert carrier.texts_asked_for(sam.phone) == before


@pytest.mark.parametrize("code", [("30005", "no_such_number"), ("30006", "landline")])
def test_a_phone_that_does_not_take_a_text_twice_in_a_row(
    network: Network, carrier: Carrier, database: Database, code: tuple[str, str]
) -> None:
    """The carrier says the same of a phone with no signal in a bad minute."""
    sam = network.add_agent()
    for how in (code[0], "delivered", code[0]):
        carrier.act("phones", number=sam.phone.number, delivery=how)
        referral = network.refer(agent_id=sam.id)
        ended(database, referral)
        assert database.rows(OFF) == []
    ended(database, network.refer(agent_id=sam.id))
    assert database.rows(OFF) == [("sms", code[1], code[0])]


def ended(database: Database, referral: dict[str, object]) -> None:
    over = """SELECT 1 FROM notification JOIN offer ON offer.id = offer_id
               WHERE offer.referral_id = %s AND channel = 'sms' AND notification.ended_at IS NOT NULL"""
    eventually(lambda: database.rows(over, referral["id"]), "the text has ended")


def test_what_is_told_of_a_number_that_was_changed_since_says_nothing_of_the_new_one(
    network: Network, carrier: Carrier, database: Database, hooks: Hooks
) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    sid = sam.phone.gets_text().raw["sid"]
    ((id_,),) = eventually(
        lambda: database.rows("SELECT id FROM notification WHERE provider_id = %s AND status = 'delivered'", sid), "it"
    )
    database.rows("UPDATE notification SET status = 'sent', ended_at = NULL WHERE id = %s RETURNING 1", id_)
    database.rows("UPDATE agent SET phone = '+15125559911' WHERE id = %s RETURNING 1", sam.id)
    told = {"MessageSid": sid, "MessageStatus": "undelivered", "ErrorCode": "30006"}
    assert hooks.post(f"messages/{id_}", To=sam.phone.number, **told).ok
    assert database.rows("SELECT status FROM notification WHERE id = %s", id_) == [("failed",)]
    assert database.rows(OFF) == []


@pytest.mark.parametrize("code", ["30007", "30034", "30036"])
def test_a_text_that_failed_for_other_reasons_says_nothing_of_the_phone(
    network: Network, carrier: Carrier, database: Database, code: str
) -> None:
    sam = network.add_agent()
    carrier.act("phones", number=sam.phone.number, delivery=code)
    network.refer(agent_id=sam.id)
    failed = f"SELECT 1 FROM notification WHERE status = 'failed' AND error_code = '{code}'"
    eventually(lambda: database.rows(failed), "the text failed")
    assert database.rows(OFF) == []


def test_a_mailbox_that_does_not_exist(network: Network, carrier: Carrier, database: Database) -> None:
    sam = network.add_agent(email="nobody.sam@agents.example")
    network.refer(agent_id=sam.id)
    eventually(lambda: database.rows(OFF) == [("email", "bounced", "550 5.1.1")], "mail is off")
    sam.phone.gets_text("Seller in")


def test_a_mail_refused_for_its_content_says_nothing_of_the_mailbox(
    network: Network, carrier: Carrier, database: Database
) -> None:
    sam = network.add_agent(email="spam.sam@agents.example")
    network.refer(agent_id=sam.id)
    failed = "SELECT error_code FROM notification WHERE channel = 'email' AND status = 'failed'"
    eventually(lambda: database.rows(failed) == [("554 5.7.1",)], "the mail failed")
    assert database.rows(OFF) == []


def test_a_mail_that_comes_back_later(network: Network, carrier: Carrier, database: Database) -> None:
    sam = network.add_agent(email="gone.sam@agents.example")
    network.refer(agent_id=sam.id)
    eventually(lambda: database.rows(OFF) == [("email", "bounced", "5.1.1")], "mail is off")
    failed = "SELECT status, error_code FROM notification WHERE channel = 'email'"
    eventually(lambda: database.rows(failed) == [("failed", "5.1.1")], "the mail failed")
    sam.phone.gets_text("Seller in")


def test_a_mailbox_that_is_full_is_not_dead(network: Network, carrier: Carrier, database: Database) -> None:
    sam = network.add_agent(email="full.sam@agents.example")
    network.refer(agent_id=sam.id)
    eventually(lambda: database.rows("SELECT 1 FROM receipt WHERE status = 'delayed'"), "the report")
    assert database.rows(OFF) == []
    assert database.rows("SELECT status FROM notification WHERE channel = 'email'") == [("sent",)]
