"""STOP, START and HELP: the carrier answers them, and we do what they say."""

import pytest

from tests.support.phone.texts import Texts
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network

NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response />'
SMS = "SELECT off_reason FROM agent_channel WHERE agent_id = %s AND channel = 'sms' AND off_at IS NOT NULL"
CONSENT = "SELECT sms_consent_source FROM agent WHERE id = %s"
NO_CONSENT = "UPDATE agent SET sms_consent_at = NULL, sms_consent_source = NULL WHERE id = %s RETURNING 1"
STOP = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "stop."]


@pytest.mark.parametrize("body", STOP)
def test_stop_switches_texts_off_and_is_answered_with_nothing(
    network: Network, texts: Texts, database: Database, sam: AgentInTest, body: str
) -> None:
    assert texts.brought(sam.phone, body).text == NOTHING
    assert [(kept.meaning, kept.answer) for kept in texts.kept()] == [("stop", None)]
    assert database.rows(SMS, sam.id) == [("stopped",)]


@pytest.mark.parametrize("body", ["START", "YES", "UNSTOP", " start "])
def test_start_switches_texts_on_again_and_is_answered_with_nothing(
    network: Network, texts: Texts, database: Database, sam: AgentInTest, body: str
) -> None:
    texts.brought(sam.phone, "STOP")
    assert texts.brought(sam.phone, body).text == NOTHING
    assert texts.kept()[-1].meaning == "start"
    assert database.rows(SMS, sam.id) == []


def test_start_is_consent_where_there_was_none(
    network: Network, texts: Texts, database: Database, sam: AgentInTest
) -> None:
    (given,) = database.rows(CONSENT, sam.id)
    texts.brought(sam.phone, "START")
    assert database.rows(CONSENT, sam.id) == [given]
    database.rows(NO_CONSENT, sam.id)
    texts.brought(sam.phone, "START")
    assert database.rows(CONSENT, sam.id) == [("text START",)]


@pytest.mark.parametrize("body", ["HELP", "INFO", "Help!"])
def test_help_is_answered_with_nothing(network: Network, texts: Texts, sam: AgentInTest, body: str) -> None:
    assert texts.brought(sam.phone, body).text == NOTHING
    assert texts.kept()[0].meaning == "help"


def test_what_the_carrier_took_it_for_settles_it(
    network: Network, texts: Texts, database: Database, sam: AgentInTest
) -> None:
    network.offered(sam)
    assert texts.brought(sam.phone, "1", OptOutType="STOP").text == NOTHING
    assert texts.brought(sam.phone, "arret", OptOutType="HELP").text == NOTHING
    assert [kept.meaning for kept in texts.kept()] == ["stop", "help"]
    assert database.rows(SMS, sam.id) == [("stopped",)]
    assert texts.brought(sam.phone, "STOP", OptOutType="START").text == NOTHING
    assert database.rows(SMS, sam.id) == []


def test_stop_from_a_handset_reaches_us(network: Network, texts: Texts, database: Database, sam: AgentInTest) -> None:
    assert texts.sent(sam.phone, "STOP").meaning == "stop"
    assert database.rows(SMS, sam.id) == [("stopped",)]
    assert texts.sent(sam.phone, "START").meaning == "start"
    assert database.rows(SMS, sam.id) == []


def test_1_still_calls_after_stop(network: Network, texts: Texts, sam: AgentInTest) -> None:
    network.offered(sam)
    texts.brought(sam.phone, "STOP")
    texts.brought(sam.phone, "1")
    sam.phone.rings()


@pytest.mark.parametrize("body", ["stop texting me", "Please don't text me again"])
def test_no_more_in_plain_words_is_a_stop_and_is_confirmed_once(
    network: Network, texts: Texts, database: Database, sam: AgentInTest, body: str
) -> None:
    assert "no more texts to this phone" in texts.brought(sam.phone, body).text
    assert database.rows(SMS, sam.id) == [("stopped",)]


def test_a_yes_while_texts_are_on_is_told_how_to_claim(
    network: Network, texts: Texts, database: Database, sam: AgentInTest
) -> None:
    network.offered(sam)
    assert "text 1 and we call you" in texts.brought(sam.phone, "Yes!").text
    assert texts.brought(sam.phone, "YES", OptOutType="START").text == NOTHING
    assert database.rows(SMS, sam.id) == []
