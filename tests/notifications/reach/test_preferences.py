"""What an agent wants of a channel: kept as it was typed, or refused at the field, with nothing changed."""

import pytest

from tests.support.browser.portal import Portal
from tests.support.world.database import Database

pytestmark = pytest.mark.usefixtures("nothing_delivered")
ONE_MUST_STAY = "One of email, text and push has to stay on"


def kept(database: Database) -> list[tuple[object, ...]]:
    query = "SELECT channel, wanted, quiet_from::text, quiet_until::text FROM agent_channel ORDER BY channel"
    return database.rows(query)


def test_quiet_hours_are_kept_and_shown_with_their_zone(portal: Portal, database: Database) -> None:
    answer = portal.visitor.post("/channels/sms/preference", wanted="yes", quiet_from="22:00", quiet_until="07:30")
    assert answer.url.endswith("/channels#sms")
    assert kept(database) == [("sms", True, "22:00:00", "07:30:00")]
    assert "Referrals quiet from 10:00 PM to 7:30 AM" in answer.text
    assert 'value="22:00"' in answer.text
    assert "Central Time (Chicago)." in answer.text
    portal.visitor.post("/channels/sms/preference", wanted="yes", quiet_from="", quiet_until="")
    assert kept(database) == [("sms", True, None, None)]


def test_a_channel_can_be_turned_off_by_its_agent_and_on_again(portal: Portal) -> None:
    page = portal.visitor.post("/channels/email/preference").text
    assert portal.state("email") == (False, None)
    assert "You turned it off" in page
    assert "No referrals by this channel" in page
    portal.visitor.post("/channels/email/preference", wanted="yes")
    assert portal.state("email") == (True, None)


def test_the_last_one_stays_on(portal: Portal, database: Database) -> None:
    for channel in ("email", "push"):
        assert portal.visitor.post(f"/channels/{channel}/preference").status_code == 200
    before = kept(database)
    refused = portal.visitor.post("/channels/sms/preference", quiet_from="22:00", quiet_until="07:00")
    assert refused.status_code == 422
    assert ONE_MUST_STAY in refused.text
    assert 'aria-describedby="wrong-sms-wanted"' in refused.text
    assert kept(database) == before


@pytest.mark.parametrize(
    ("hours", "field", "says"),
    [
        (("25:00", "07:00"), "quiet_from", "This is not a time"),
        (("22:00", "seven"), "quiet_until", "This is not a time"),
        (("22:00\x00", "07:00"), "quiet_from", "This is not a time"),
        (("22:00", ""), "quiet_until", "Quiet hours need both times."),
        (("", "07:00"), "quiet_from", "Quiet hours need both times."),
        (("07:00", "07:00"), "quiet_until", "That would be all day."),
    ],
)
def test_bad_times_are_refused_at_their_field(
    portal: Portal, database: Database, hours: tuple[str, str], field: str, says: str
) -> None:
    refused = portal.visitor.post("/channels/sms/preference", wanted="yes", quiet_from=hours[0], quiet_until=hours[1])
    assert refused.status_code == 422
    assert says in refused.text
    assert f'id="wrong-sms-{field}"' in refused.text
    assert kept(database) == []
