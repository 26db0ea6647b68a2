"""The test call, as the carrier asks and reports about it: only the key 1 shows that a call arrives."""

import re

import pytest
import requests

from tests.support.browser.portal import Portal
from tests.support.carrier.hooks import Hooks
from tests.support.world.database import Database

pytestmark = pytest.mark.usefixtures("nothing_delivered")
SID, OTHER_SID = "CA" + "1" * 32, "CA" + "2" * 32


@pytest.fixture
def ringing(portal: Portal, database: Database) -> str:
    """The path of a test call that the carrier has taken."""
    portal.visitor.post("/channels/voice/test")
    portal.test_becomes("voice", "sent")
    ((id_,),) = database.rows("UPDATE notification SET provider_id = %s WHERE channel = 'voice' RETURNING id", SID)
    return f"tests/{id_}"


def outcome(database: Database) -> tuple[str, str | None]:
    ((status, code),) = database.rows("SELECT status, error_code FROM notification WHERE channel = 'voice'")
    return status, code


def key_url(answer: requests.Response) -> str:
    """Where the next key goes, as a path below /hooks/twilio."""
    found = re.search(r'action="[^"]*/hooks/twilio/([^"]*)"', answer.text)
    assert found is not None, answer.text
    return found[1]


def test_one_shows_that_calls_arrive(hooks: Hooks, ringing: str, database: Database) -> None:
    answer = hooks.post(f"{ringing}/key", CallSid=SID, Digits="1")
    assert "That works" in answer.text
    assert "<Hangup" in answer.text
    assert outcome(database) == ("delivered", None)
    hooks.post(f"{ringing}/status", CallSid=SID, CallStatus="completed")
    assert outcome(database) == ("delivered", None), "that it ended changes nothing"


def test_a_voicemail_does_not_count(hooks: Hooks, ringing: str, database: Database) -> None:
    for status in ("initiated", "ringing", "in-progress"):
        hooks.post(f"{ringing}/status", CallSid=SID, CallStatus=status)
        assert outcome(database) == ("sent", None)
    hooks.post(f"{ringing}/status", CallSid=SID, CallStatus="completed")
    assert outcome(database) == ("failed", "no_key")


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
def test_a_call_that_nobody_took_failed_of_that(hooks: Hooks, ringing: str, database: Database, status: str) -> None:
    for _ in range(2):  # the carrier repeats itself
        assert hooks.post(f"{ringing}/status", CallSid=SID, CallStatus=status).status_code == 204
    assert outcome(database) == ("failed", status)


@pytest.mark.parametrize("pressed", ["", "5"])
def test_silence_or_another_key_is_asked_twice_more_then_goodbye(
    hooks: Hooks, ringing: str, database: Database, pressed: str
) -> None:
    path = f"{ringing}/key"
    for _ in range(2):
        answer = hooks.post(path, CallSid=SID, Digits=pressed)
        assert "Please press 1." in answer.text
        path = key_url(answer)
    answer = hooks.post(path, CallSid=SID, Digits=pressed)
    assert "We didn't hear a 1." in answer.text.replace("&#x27;", "'").replace("&#39;", "'")
    assert "<Gather" not in answer.text
    assert outcome(database) == ("sent", None), "how it ended is the carrier's to report"


def test_the_second_time_round_still_counts(hooks: Hooks, ringing: str, database: Database) -> None:
    path = key_url(hooks.post(f"{ringing}/key", CallSid=SID))
    hooks.post(path, CallSid=SID, Digits="1")
    assert outcome(database) == ("delivered", None)


def test_a_key_pressed_before_we_know_that_it_rings(hooks: Hooks, ringing: str, database: Database) -> None:
    database.rows("UPDATE notification SET status = 'sending', provider_id = NULL WHERE channel = 'voice' RETURNING id")
    hooks.post(f"{ringing}/key", CallSid=SID, Digits="1")
    assert outcome(database) == ("delivered", None)


def test_other_calls_and_other_messages_are_not_found(
    hooks: Hooks, ringing: str, portal: Portal, database: Database
) -> None:
    portal.visitor.post("/channels/sms/test")
    ((text_id,),) = database.rows("SELECT id FROM notification WHERE channel = 'sms' AND kind = 'test'")
    for step in ("key", "status"):
        body = {"Digits": "1", "CallStatus": "completed"}
        assert hooks.post(f"{ringing}/{step}", CallSid=OTHER_SID, **body).status_code == 404
        assert hooks.post(f"{ringing}/{step}", **body).status_code == 404
        for unknown in (text_id, "01900000-0000-7000-8000-000000000000", "no-id"):
            assert hooks.post(f"tests/{unknown}/{step}", CallSid=SID, **body).status_code == 404
    assert outcome(database) == ("sent", None)
