"""Reminders of a client who is not reached yet: twice a day, at the agent's own times, for ten days at the most."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pipeline.follow_ups import next_time
from tests.pipeline.client import Client
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import change, select
from tests.support.world.waiting import eventually

NINE, FIVE = time(9), time(17)
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
DUE = "UPDATE claim SET follow_up_at = now() - interval '1 second'"
WAITING = "waiting to hear from you"


@pytest.mark.parametrize(
    ("after", "then"),
    [
        ("2026-11-27T08:59", "2026-11-27T09:00"),
        ("2026-11-27T09:00", "2026-11-27T17:00"),
        ("2026-11-27T17:00", "2026-11-28T09:00"),
        ("2026-10-31T23:00", "2026-11-01T09:00"),  # an hour longer, that night
    ],
)
def test_the_next_of_the_agents_own_times(after: str, then: str) -> None:
    zone = ZoneInfo("America/Chicago")
    found = next_time((NINE, FIVE), "America/Chicago", after=datetime.fromisoformat(after).replace(tzinfo=zone))
    assert found == datetime.fromisoformat(then).replace(tzinfo=zone)


@given(
    st.integers(0, 366 * 24 * 60).map(lambda minutes: BEGUN + timedelta(minutes=minutes)),
    st.sampled_from(["America/Chicago", "America/Phoenix", "Pacific/Honolulu", "America/St_Johns"]),
)
def test_it_is_always_ahead_and_never_a_day_away(after: datetime, zone: str) -> None:
    found = next_time((NINE, FIVE), zone, after=after)
    assert after < found <= after + timedelta(hours=17)
    assert found.astimezone(ZoneInfo(zone)).time() in (NINE, FIVE)


@pytest.fixture
def missed(network: Network, product: Product, sam: AgentInTest) -> Client:
    """Sam has claimed Maria, who didn't pick up."""
    return Client(network, product, sam).claimed(talks=False)


def looked(client: Client) -> int | None:
    """Waits until what is due has been looked at; how many reminders have gone out."""
    eventually(lambda: not select(client.product, "SELECT 1 FROM claim WHERE follow_up_at <= now()"), "a look")
    return select(client.product, "SELECT follow_ups FROM claim")[0][0]


def test_they_are_planned_at_first_and_then_sent_by_mail(missed: Client, sam: AgentInTest) -> None:
    assert "We remind you" in missed.words
    change(missed.product, DUE)
    assert looked(missed) == 0
    change(missed.product, DUE)
    assert looked(missed) == 1
    assert missed.path in sam.mailbox.gets_mail(WAITING).text
    change(missed.product, DUE)
    assert looked(missed) == 2


def test_a_talk_ends_them(maria: Client) -> None:
    assert "We remind you" not in maria.words
    for _ in range(2):
        change(maria.product, DUE)
        assert looked(maria) == 0
    assert select(maria.product, "SELECT follow_up_at FROM claim") == [(None,)]


def test_contact_within_two_hours_skips_one(missed: Client) -> None:
    change(missed.product, "UPDATE claim SET follow_ups = 0")
    missed.does("notes", id="01900000-0000-7000-8000-000000000001", body="Wrote to her.")
    change(missed.product, "UPDATE deal SET contact_at = now() - interval '119 minutes'")
    change(missed.product, DUE)
    assert looked(missed) == 0
    change(missed.product, "UPDATE deal SET contact_at = now() - interval '121 minutes'")
    change(missed.product, DUE)
    assert looked(missed) == 1


def test_ten_days_are_the_most(missed: Client) -> None:
    change(missed.product, "UPDATE claim SET follow_ups = 5, at = now() - interval '10 days'")
    change(missed.product, DUE)
    assert looked(missed) == 5
    assert select(missed.product, "SELECT follow_up_at FROM claim") == [(None,)]


@pytest.mark.parametrize(
    ("to", "then"), [("two_hours", "now() + interval '2 hours'"), ("tomorrow", None), ("never", None)]
)
def test_one_tap_moves_them(missed: Client, to: str, then: str | None) -> None:
    assert missed.does("follow-up", to=to) == 200
    if to == "never":
        assert select(missed.product, "SELECT follow_up_at FROM claim") == [(None,)]
        assert "We remind you" not in missed.words
    elif then is not None:
        assert select(missed.product, f"SELECT abs(extract(epoch FROM follow_up_at - ({then}))) < 30 FROM claim")[0][0]
    else:
        at = select(missed.product, "SELECT follow_up_at FROM claim")[0][0].astimezone(ZoneInfo("America/Chicago"))
        assert at.time() == NINE
        assert at > datetime.now(UTC)


def test_a_tap_that_asks_for_nothing_is_refused(missed: Client) -> None:
    assert "Choose one of these." not in missed.words
    assert missed.does("follow-up", to="someday") == 422


def test_on_hold_there_are_none_until_that_day(missed: Client) -> None:
    day = (datetime.now(ZoneInfo("America/Chicago")) + timedelta(days=3)).date()
    missed.does("hold", until=day.isoformat())
    change(missed.product, "UPDATE claim SET follow_ups = 0")
    change(missed.product, DUE)
    assert looked(missed) == 0
    at = select(missed.product, "SELECT follow_up_at FROM claim")[0][0]
    assert at == datetime.combine(day, NINE, ZoneInfo("America/Chicago"))
