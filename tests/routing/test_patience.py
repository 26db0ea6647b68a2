"""Claimed and not worked: two warnings, then the next agents. Any word of the agent starts the clock again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.routing.patience import WARNINGS, Step, check, goes_on_at
from tests.pipeline.client import Client
from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page, read_words
from tests.support.browser.sign_in import signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.rows import select
from tests.support.world.waiting import eventually

BOSS = "boss@network.example"
BEGUN = datetime(2026, 11, 23, 12, tzinfo=UTC)
WARNED = "or another agent takes over"


@given(
    st.integers(1, 720),
    st.lists(st.integers(1, 5000), max_size=30),
    st.lists(st.integers(0, 60 * 24 * 40), max_size=10),
)
def test_nobody_loses_a_client_without_two_warnings_and_the_whole_time(
    hours: int, late: list[int], words: list[int]
) -> None:
    within, spoken = timedelta(hours=hours), sorted(BEGUN + timedelta(minutes=one) for one in words)
    planned, at, warnings, warned_at = BEGUN, BEGUN, 0, []
    for minutes in [*late, *([0] * 40)]:
        last_word = max([BEGUN, *(one for one in spoken if one <= at)])
        found = check(within=within, last_word=last_word, warnings=warnings, planned=planned, at=at)
        if found.step is Step.TAKE_AWAY:
            since = [one for one in warned_at if one >= last_word]
            assert len(since) >= WARNINGS
            assert since[-1] - since[-2] >= within / 2
            assert at - since[-1] >= within / 2
            assert at - last_word >= 2 * within
            return
        if found.step is Step.WARN:
            assert goes_on_at(within=within, warnings=found.warnings, check_at=found.check_at) >= at + within / 2
            warned_at.append(at)
        assert found.check_at is not None
        assert found.check_at > at
        warnings, planned = found.warnings, found.check_at
        at = planned + timedelta(minutes=minutes)


def signed_in_as(product: Product, admin: str) -> Visitor:
    """A new admin."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", admin).strip())


class Watch:
    """Sam has claimed Maria, who was not reached; Priya is in his team. The network's time is 24 hours."""

    def __init__(self, network: Network, product: Product, database: Database, hours: str = "24") -> None:
        self.network, self.product, self.database = network, product, database
        self.sets(hours, BOSS)
        team = network.add_team()
        self.sam, self.priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
        self.maria = Client(network, product, self.sam, team_id=team).claimed(talks=False)
        self.priya.phone.gets_text("was first")

    def sets(self, hours: str, who: str) -> None:
        """An admin sets the network's time."""
        signed_in_as(self.product, who).post("/admin/routing", work_within_hours=hours)

    def passes(self, *, hours: float) -> None:
        """Lets time pass, and waits until somebody has looked."""
        self.database.time_passes(minutes=int(hours * 60))
        self.looked()

    def looked(self) -> None:
        eventually(lambda: not select(self.product, "SELECT 1 FROM claim WHERE check_at <= now()"), "somebody looked")

    @property
    def warnings(self) -> int:
        return select(self.product, "SELECT warnings FROM claim ORDER BY id LIMIT 1")[0][0]

    @property
    def owners(self) -> list[tuple[str, str | None]]:
        query = "SELECT name, ended_how FROM claim JOIN agent ON agent.id = claim.agent_id ORDER BY claim.id"
        return [(name, how) for name, how in select(self.product, query)]


@pytest.fixture
def watch(network: Network, product: Product, database: Database) -> Watch:
    return Watch(network, product, database)


def test_two_warnings_and_then_the_others_are_asked_and_everybody_is_told(watch: Watch, carrier: Carrier) -> None:
    watch.passes(hours=23)
    assert watch.warnings == 0
    watch.passes(hours=1.1)
    assert watch.maria.path in watch.sam.phone.gets_text(WARNED).link
    assert "Otherwise another agent takes over." in watch.maria.words
    watch.passes(hours=12)
    watch.sam.phone.gets_another_text(WARNED)
    assert watch.sam.mailbox.gets_mail("Maria is waiting for you")
    watch.passes(hours=12)
    watch.sam.phone.gets_text("has gone to another agent")
    watch.priya.phone.gets_text("Reply 1")
    boss = carrier.inbox(BOSS).gets_mail("Not worked: Seller in Austin")
    assert "Sam Ortiz had it for 48 hours, was warned twice, and did nothing." in boss.text
    assert "gone out to 1 other agent" in boss.text
    assert watch.owners == [("Sam Ortiz", "not_worked")]
    sees = watch.maria.words
    assert "This client has gone to another agent." in sees
    assert "Delgado" not in sees
    assert "Maria" not in read_words(watch.maria.visitor.get("/referrals").text)
    desk = read_words(
        signed_in_as(watch.product, "late@network.example").get(f"/admin/referrals/{watch.maria.referral['id']}").text
    )
    assert "Sam Ortiz did nothing after two warnings, and it went on" in desk


def note(watch: Watch) -> None:
    watch.maria.does("notes", id="01900000-0000-7000-8000-000000000001", body="Her sister says she is abroad.")


def stage(watch: Watch) -> None:
    watch.maria.does("stage", stage="left_voicemail")


def moved_reminder(watch: Watch) -> None:
    watch.maria.does("follow-up", to="tomorrow")


def text(watch: Watch) -> None:
    watch.maria.does("reply", body="Good morning, this is Sam.")


def rings(watch: Watch) -> None:
    watch.maria.does("call")
    watch.sam.phone.rings().hang_up().is_over()


@pytest.mark.parametrize("word", [note, stage, moved_reminder, text, rings])
def test_a_word_of_the_agent_starts_the_clock_again(watch: Watch, word: Callable[[Watch], None]) -> None:
    watch.passes(hours=24)
    watch.sam.phone.gets_text(WARNED)
    assert "Otherwise another agent takes over." in watch.maria.words
    word(watch)
    assert "Otherwise another agent takes over." not in watch.maria.words
    watch.passes(hours=12)
    assert watch.warnings == 0
    watch.passes(hours=11)
    assert watch.warnings == 0
    watch.passes(hours=1.1)
    assert watch.warnings == 1


def test_contact_with_the_client_ends_it(network: Network, product: Product, database: Database) -> None:
    watch = Watch(network, product, database)
    watch.maria.does("stage", stage="connected")
    watch.passes(hours=24)
    assert watch.warnings == 0
    assert select(product, "SELECT check_at FROM claim") == [(None,)]
    watch.maria.does("stage", stage="left_voicemail", reason="It was her brother.")
    watch.looked()
    assert select(product, "SELECT check_at IS NOT NULL FROM claim") == [(True,)]


def test_hold_until_is_respected(watch: Watch) -> None:
    day = (datetime.now(ZoneInfo("America/Chicago")) + timedelta(days=3)).date()
    watch.maria.does("hold", until=day.isoformat())
    watch.passes(hours=24)
    assert watch.warnings == 0
    begins = datetime.combine(day, datetime.min.time(), ZoneInfo("America/Chicago")) + timedelta(hours=24)
    assert select(watch.product, "SELECT check_at FROM claim") == [(begins,)]


def test_a_referral_that_was_reported_stays_for_the_admins(watch: Watch) -> None:
    watch.maria.does("report", what="wrong_number", words="A bakery answers.")
    watch.passes(hours=24)
    assert watch.warnings == 0
    assert watch.owners == [("Sam Ortiz", None)]


def test_unless_the_network_sets_a_time_nobody_looks_and_from_then_on_somebody_does(
    network: Network, product: Product, database: Database
) -> None:
    watch = Watch(network, product, database, hours="")
    watch.passes(hours=50)
    assert watch.warnings == 0
    assert select(product, "SELECT check_at FROM claim") == [(None,)]
    watch.sets("24", "late@network.example")
    watch.sam.phone.gets_text(WARNED)


def test_what_was_routed_goes_on_by_its_own_rules(
    network: Network, product: Product, database: Database, carrier: Carrier
) -> None:
    signed_in_as(product, BOSS).post("/admin/routing", work_within_hours="10", wave_size="1")
    around = {"areas": ["78704 + 25 mi"]}
    sam, kim = network.add_agent("Sam Ortiz", serves=around), network.add_agent("Kim Lee", serves=around)
    referral = network.refer()
    first = sam if sam.id in network.offers(referral) else kim
    second = kim if first is sam else sam
    page = Page(first.phone.gets_text().link)
    page.press("call")
    first.phone.rings().answer().press("1")
    network.client_phone(referral).rings().hang_up()
    first.phone.hang_up().is_over()
    signed_in_as(product, "late@network.example").post("/admin/routing", work_within_hours="700")
    for hours in (10, 5, 5):
        database.time_passes(minutes=hours * 60 + 1)
        eventually(lambda: not select(product, "SELECT 1 FROM claim WHERE check_at <= now()"), "somebody looked")
    second.phone.gets_text("Reply 1")
    assert signed_in(product.url, first).get("/referrals").status_code == 200
