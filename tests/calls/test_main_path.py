"""From a referral posted by another program to two people talking."""

from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.waiting import eventually


def test_a_referral_is_claimed_by_phone_and_the_details_follow_by_mail(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent("Sam Ortiz")
    referral = network.refer(agent_id=sam.id)
    maria = network.client_phone(referral)

    # S1, S2: told by SMS and email, each with a link that opens the claim page without sign-in
    text = sam.phone.gets_text("Seller in Austin, 78704")
    mail = sam.mailbox.gets_mail("Seller in Austin")
    assert text.segments == 1
    page = Page(text.link)
    assert "Call me to Claim Referral" in page.words
    assert "Call me to Claim Referral" in Page(mail.link).words

    # S3: one tap, and the phone rings
    page.press("call")
    sam.phone.rings()
    eventually(lambda: page.phase == "ringing", "the page says that it rings")
    sam.phone.answer().hears("A seller in Austin")
    eventually(lambda: page.phase == "answered", "the page says that it was answered")

    # S4: the key 1 claims, and the client's phone rings
    sam.phone.press("1").hears("Connecting you to Maria")
    maria.rings()
    claimed = network.referral(referral["id"])
    assert (claimed["status"], claimed["claimed_by"]) == ("claimed", sam.id)
    assert page.phase == "connecting"
    maria.answer()
    eventually(lambda: page.phase == "connected", "the page says that they talk")
    assert not sam.mailbox.mails("Maria Delgado")

    # S5: after the call the details arrive by email, once
    maria.hang_up()
    sam.phone.is_over("completed")
    details = sam.mailbox.gets_mail("Maria Delgado")
    assert referral["client"]["phone"][-4:] in details.text
    eventually(lambda: page.phase == "claimed", "the page says that it is over, and won")
    ended = network.referral(referral["id"])
    assert [call["status"] for call in ended["calls"]] == ["completed"]
    assert len(sam.mailbox.mails("Maria Delgado")) == 1


def test_nothing_but_the_need_is_told_before_the_claim(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    text, mail = sam.phone.gets_text(), sam.mailbox.gets_mail()
    page = Page(text.link)
    for told in (text.body, mail.text, mail.html, mail.subject, page.response.text):
        assert "Delgado" not in told
        assert "maria@mail.example" not in told
        assert "555-7" not in told


def test_opening_the_link_changes_nothing(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    link = sam.phone.gets_text().link
    before = network.referral(referral["id"])
    for _ in range(3):
        assert Page(link).response.status_code == 200
    assert network.referral(referral["id"]) == before
    assert carrier.calls_placed() == 0


def test_a_second_tap_places_no_second_call(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    page = Page(sam.phone.gets_text().link)
    page.press("call")
    page.press("call")
    sam.phone.rings()
    page.press("call")
    assert carrier.calls_placed() == 1


def test_a_client_who_does_not_pick_up_stays_claimed(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    maria = network.client_phone(referral)
    page = Page(sam.phone.gets_text().link)
    page.press("call")
    sam.phone.rings().answer().press("1")
    maria.rings().decline()
    sam.phone.hears("Maria didn't pick up").is_over()
    eventually(lambda: page.phase == "client_missed", "the page says that the client did not pick up")
    assert sam.mailbox.gets_mail("Maria Delgado")
    assert network.referral(referral["id"])["status"] == "claimed"


def test_the_first_of_a_team_wins_and_the_others_hear_at_once(network: Network, carrier: Carrier) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    referral = network.refer(team_id=team)
    sams, priyas = Page(sam.phone.gets_text().link), Page(priya.phone.gets_text().link)
    priya.mailbox.gets_mail("Seller in Austin")
    sams.press("call")
    priyas.press("call")
    sam.phone.rings().answer()
    priya.phone.rings()
    sam.phone.press("1").hears("It's yours")

    priya.phone.is_over("canceled")
    assert "Sam was first" in priya.phone.gets_text("Sam was first").body
    assert priya.mailbox.gets_mail("Sam was first")
    assert priyas.phase == "lost"
    assert sorted(o["status"] for o in network.referral(referral["id"])["offers"]) == ["claimed", "lost"]


def test_stop_calling_ends_the_call_and_the_referral_stays_open(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    page = Page(sam.phone.gets_text().link)
    page.press("call")
    sam.phone.rings()
    page.press("stop")
    sam.phone.is_over("canceled")
    eventually(lambda: page.phase == "offered", "the page offers the call again")


def test_an_unanswered_call_can_be_asked_for_again(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    page = Page(sam.phone.gets_text().link)
    page.press("call")
    sam.phone.rings().decline()
    eventually(lambda: page.phase == "missed", "the page says that we could not reach them")
    assert "Call me again" in page.words
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    assert [call["attempt"] for call in network.referral(referral["id"])["calls"]] == [1, 2]


def test_key_2_declines(network: Network, database: Database) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    page = Page(sam.phone.gets_text().link)
    page.press("call")
    sam.phone.rings().answer().press("2").hears("Declined").is_over()
    assert page.phase == "declining"
    database.time_passes(seconds=10)
    assert page.phase == "declined"
    eventually(
        lambda: [o["status"] for o in network.referral(referral["id"])["offers"]] == ["declined"], "the offer has ended"
    )


def test_silence_repeats_the_menu_and_then_gives_up(network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    Page(sam.phone.gets_text().link).press("call")
    sam.phone.rings().answer().hears("We didn't hear a key").is_over()
    eventually(
        lambda: [c["status"] for c in network.referral(referral["id"])["calls"]] == ["silent"], "the call ends silent"
    )


def test_a_call_that_something_else_picked_up_is_ended_by_the_page(network: Network, sam: AgentInTest) -> None:
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().hears("Press 1 to claim")
    assert "I'm not on that call" in page.becomes("answered").words
    page.press("stop")
    sam.phone.is_over()
    page.becomes("offered").press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    assert network.referral(referral["id"])["claimed_by"] == sam.id
