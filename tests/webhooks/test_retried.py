"""What an endpoint does not take is sent again, for three days; one that stays away is told of, then turned off."""

import pytest

from tests.support.browser.page import read_words
from tests.support.carrier.carrier import Carrier
from tests.support.world.database import Database
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.rows import change, select
from tests.support.world.software import Software
from tests.support.world.waiting import eventually
from tests.webhooks.conftest import BOSS, admin_of

DOWN = "Your software isn't accepting our webhooks"
STATE = "SELECT status, attempts, answer FROM webhook_delivery"


def state(product: Product) -> list[tuple[object, ...]]:
    return select(product, STATE)


def test_it_is_sent_again_with_the_same_id_and_body(
    software: Software, network: Network, product: Product, database: Database
) -> None:
    software.answers(500, 503)
    network.add_team()
    eventually(lambda: state(product) == [("queued", 1, "500")], "a first attempt that failed")
    database.time_passes(seconds=7)
    eventually(lambda: state(product) == [("queued", 2, "503")], "a second one")
    database.time_passes(seconds=40)
    software.waits_for("team.added")
    requests = software.requests()
    assert len({(one["id"], str(one["event"]["data"])) for one in requests}) == 1
    assert [one["status"] for one in requests] == [500, 503, 204]
    eventually(lambda: state(product) == [("delivered", 3, "204")], "the delivery as delivered")


@pytest.mark.parametrize("answer", [301, 302, 304, 400, 404, 429, 500])
def test_only_2xx_is_taken_for_taken_and_no_redirect_is_followed(
    software: Software, network: Network, product: Product, answer: int, carrier: Carrier
) -> None:
    software.answers(answer)
    network.add_team()
    eventually(lambda: state(product) == [("queued", 1, str(answer))], f"an attempt answered {answer}")
    assert [one["endpoint"] for one in carrier.state()["webhooks"]] == ["crm"]


def test_it_waits_as_long_as_it_is_asked_to(software: Software, network: Network, product: Product) -> None:
    software.answers(429, retry_after="1200")
    network.add_team()
    eventually(lambda: state(product) == [("queued", 1, "429")], "an attempt answered 429")
    ((seconds,),) = select(product, "SELECT extract(epoch FROM due_at - taken_at) FROM webhook_delivery")
    assert 1199 <= seconds <= 1201


def test_an_endpoint_that_is_not_there_and_comes_back_misses_nothing(
    software: Software, network: Network, product: Product, database: Database
) -> None:
    change(product, "UPDATE webhook_endpoint SET url = 'http://127.0.0.1:9/webhooks/crm'")
    network.add_team()
    eventually(lambda: state(product) == [("queued", 1, "address not allowed")], "an attempt that reached nobody")
    change(product, f"UPDATE webhook_endpoint SET url = '{software.url}'")
    database.time_passes(seconds=7)
    software.waits_for("team.added")


def test_after_an_hour_the_admins_hear_of_it_once_and_after_five_days_it_is_off(
    software: Software, network: Network, product: Product, database: Database, carrier: Carrier
) -> None:
    software.answers(status=500)
    network.add_team()
    eventually(lambda: state(product) == [("queued", 1, "500")], "a first attempt that failed")
    inbox = carrier.inbox(BOSS)
    database.time_passes(hours=1, minutes=1)
    inbox.gets_mail(DOWN)
    eventually(lambda: state(product) == [("queued", 2, "500")], "a second attempt")
    database.time_passes(hours=1)
    eventually(lambda: state(product) == [("queued", 3, "500")], "a third attempt")
    database.time_passes(days=5)
    eventually(lambda: state(product) == [("queued", 4, "500")], "a fourth attempt")
    eventually(lambda: len(inbox.mails(DOWN)) == 2, "a second mail")
    assert "has been turned off" in inbox.gets_mail(DOWN).text
    software.admin = admin_of(product)  # days have passed
    assert "Off: it failed for five days" in read_words(software.admin.get(software.page).text)
    network.add_team()
    eventually(lambda: len(state(product)) == 2, "another event")
    database.time_passes(hours=1)
    assert [attempts for _, attempts, _ in state(product)] == [4, 0]
    software.answers()
    software.admin.post(f"{software.page}/on")
    eventually(lambda: software.types() == ["team.added", "team.added"], "what had waited")
    assert "Off: " not in read_words(software.admin.get(software.page).text)


def test_410_turns_it_off_at_once(software: Software, network: Network, product: Product, carrier: Carrier) -> None:
    software.answers(410)
    network.add_team()
    carrier.inbox(BOSS).gets_mail(DOWN)
    assert "it answered that it is gone" in read_words(software.admin.get(software.page).text)


def test_three_days_of_failures_end_it_and_an_admin_sends_it_again(
    software: Software, network: Network, product: Product
) -> None:
    software.answers(500)
    network.add_team()
    eventually(lambda: state(product) == [("queued", 1, "500")], "a first attempt that failed")
    software.answers(500)
    change(product, "UPDATE webhook_delivery SET attempts = 11, due_at = now()")
    eventually(lambda: state(product) == [("failed", 12, "500")], "the end of it")
    assert "team.added" in read_words(software.admin.get(f"{software.page}?status=failed").text)
    software.admin.post(f"{software.page}/replay", since="")
    software.waits_for("team.added")
    eventually(lambda: state(product) == [("delivered", 1, "204")], "the delivery as delivered")


def test_a_worker_killed_over_one_loses_nothing(
    software: Software, network: Network, product: Product, database: Database
) -> None:
    software.answers(slow=30.0)
    network.add_team()
    software.waits_for_requests(1)
    with product.without("messages"):
        assert select(product, "SELECT status FROM webhook_delivery") == [("sending",)]
        software.answers()
        database.time_passes(seconds=61)
    eventually(lambda: state(product) == [("delivered", 2, "204")], "the delivery as delivered")
    assert len({one["id"] for one in software.requests()}) == 1


def test_without_a_worker_the_sweeper_sends_it(
    software: Software, network: Network, product: Product, database: Database
) -> None:
    with product.without("messages"):
        network.add_team()
        eventually(lambda: len(state(product)) == 1, "the event")
        database.time_passes(seconds=11)
        software.waits_for("team.added")


def test_two_that_take_at_once_send_each_event_once(software: Software, network: Network, product: Product) -> None:
    with product.without("messages", "sweeper"):
        change(
            product, "SELECT webhook_record('team.changed', jsonb_build_object('n', n)) FROM generate_series(1, 60) n"
        )
    eventually(lambda: len(software.types()) == 60, "sixty events")
    eventually(lambda: {status for status, _, _ in state(product)} == {"delivered"}, "sixty deliveries")
    assert len(software.requests()) == 60
