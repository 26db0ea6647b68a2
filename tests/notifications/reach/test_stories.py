"""Preferences and quiet hours as an agent sets them, and what comes by which channel then."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.support.browser.page import Page
from tests.support.browser.portal import Portal
from tests.support.carrier.carrier import Carrier
from tests.support.phone.number import NEW, changes_number
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually


def hours(first: float, last: float) -> dict[str, str]:
    """Quiet hours, counted from now, as the form takes them; wherever in the day now is."""
    here = datetime.now(ZoneInfo("America/Chicago"))
    begins, ends = (here + timedelta(hours=hour) for hour in (first, last))
    return {"quiet_from": f"{begins:%H:%M}", "quiet_until": f"{ends:%H:%M}"}


def offers(database: Database) -> set[tuple[str, bool]]:
    """The channels by which offers were queued, and whether they may go out now."""
    query = "SELECT channel, due_at <= now() FROM notification WHERE kind = 'offer' AND status <> 'dropped'"
    return {(str(channel), bool(due)) for channel, due in database.rows(query)}


def test_a_text_that_would_wake_me_stays_away_and_the_mail_comes(
    portal: Portal, network: Network, sam: AgentInTest, database: Database
) -> None:
    portal.visitor.post("/channels/sms/preference", wanted="yes", **hours(-1, 6))
    network.refer(agent_id=sam.id)
    sam.mailbox.gets_mail("Austin")
    assert offers(database) == {("email", True)}
    assert sam.phone.texts() == []


def test_a_text_waits_for_the_end_of_the_quiet_hours_and_then_comes(
    portal: Portal, network: Network, sam: AgentInTest, database: Database
) -> None:
    portal.visitor.post("/channels/sms/preference", wanted="yes", **hours(-1, 0.25))
    network.refer(agent_id=sam.id)
    sam.mailbox.gets_mail("Austin")
    assert offers(database) == {("email", True), ("sms", False)}
    assert sam.phone.texts() == []
    database.rows("UPDATE agent_channel SET quiet_until = quiet_from + interval '5 minutes' RETURNING agent_id")
    database.rows("UPDATE notification SET due_at = now() - interval '2 seconds' WHERE channel = 'sms' RETURNING id")
    sam.phone.gets_text("Austin")


def test_a_text_that_waits_is_dropped_when_somebody_claims(
    portal: Portal, network: Network, sam: AgentInTest, database: Database
) -> None:
    portal.visitor.post("/channels/sms/preference", wanted="yes", **hours(-1, 0.25))
    referral = network.refer(agent_id=sam.id)
    Page(network.link(referral, sam)).press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    query = "SELECT status FROM notification WHERE kind = 'offer' AND channel = 'sms'"
    eventually(lambda: database.rows(query) == [("dropped",)], "a text that is dropped")


def test_a_teammate_who_is_awake_is_told_when_i_am_not(
    portal: Portal, network: Network, sam: AgentInTest, database: Database
) -> None:
    team = network.add_team()
    asleep, awake = network.add_agent("Noor Haddad", team), network.add_agent("Priya Raman", team)
    portal_of_noor = Portal(network.url, database, asleep).signs_in()
    for channel in ("sms", "email"):
        portal_of_noor.visitor.post(f"/channels/{channel}/preference", wanted="yes", **hours(-1, 6))
    network.refer(team_id=team)
    awake.phone.gets_text("Austin")
    awake.mailbox.gets_mail("Austin")
    assert asleep.phone.texts() == []
    assert asleep.mailbox.mails() == []


def test_the_admins_get_a_mail_at_once_when_nobody_can_be_told(
    portal: Portal, network: Network, product: Product, carrier: Carrier, sam: AgentInTest
) -> None:
    flask(product, "admins", "create", "boss@network.example")
    portal.loses("sms", "stopped").loses("email", "bounced")
    network.refer(agent_id=sam.id)
    assert "Sam Ortiz" in carrier.inbox("boss@network.example").gets_mail("Austin").text


def test_a_new_number_of_mine_starts_clean(
    portal: Portal, network: Network, sam: AgentInTest, carrier: Carrier
) -> None:
    _, page = network.offered(sam)
    portal.loses("sms", "stopped", "21610")
    changes_number(portal.visitor, page, carrier.phone(NEW))
    assert portal.state("sms") == (True, None)
