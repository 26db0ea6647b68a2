"""Endpoints on the desk: added, changed, tested, replayed, turned off, removed; and who may."""

import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.page import read_words
from tests.support.carrier.carrier import Carrier
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.rows import change, select
from tests.support.world.software import PAGES, SECRET, TOPICS, Software
from tests.support.world.waiting import eventually
from tests.webhooks.conftest import BOSS

COUNT = "SELECT count(*) FROM webhook_endpoint"


@pytest.mark.parametrize(
    ("url", "topics", "field"),
    [
        ("", TOPICS, "url"),
        ("crm.example", TOPICS, "url"),
        ("http://crm.example/", TOPICS, "url"),
        ("https://user:word@crm.example/", TOPICS, "url"),
        ("https://crm.example/", (), "topics"),
        ("https://crm.example/", ("referral", "weather"), "topics"),
    ],
)
def test_what_cannot_be_an_endpoint_is_refused_at_its_field(
    admin: Visitor, product: Product, url: str, topics: tuple[str, ...], field: str
) -> None:
    answer = admin.post(PAGES, url=url, topics=list(topics))
    assert answer.status_code == 422
    assert f'id="w-{field}"' in answer.text
    assert select(product, COUNT) == [(0,)]


def test_the_secret_is_shown_once_and_kept_sealed(software: Software, product: Product) -> None:
    assert software.secret not in software.admin.get(software.page).text
    ((sealed,),) = select(product, "SELECT secret FROM webhook_endpoint")
    assert software.secret not in sealed
    assert software.secret not in product.log_path.read_text(errors="replace")


def test_a_test_arrives_and_is_listed_with_its_answer(software: Software) -> None:
    software.admin.post(f"{software.page}/test")
    assert software.waits_for("webhook.test")["data"] == {}
    eventually(
        lambda: (
            "webhook.test" in (words := read_words(software.admin.get(software.page).text)) and "answered 204" in words
        ),
        "the test among the deliveries",
    )


def test_with_a_new_secret_the_old_one_is_good_for_a_day(software: Software, network: Network) -> None:
    page = software.admin.post(f"{software.page}/secret").text
    new = SECRET.findall(page)[0]
    assert new != software.secret
    network.add_team()
    software.waits_for("team.added")  # the receiver still has the old one
    old, software.secret = software.secret, new
    software.answers()
    network.add_team()
    eventually(lambda: len(software.types()) == 2, "an event signed with the new one")
    software.secret = old


def test_after_a_day_it_is_not(software: Software, network: Network, product: Product) -> None:
    new = SECRET.findall(software.admin.post(f"{software.page}/secret").text)[0]
    change(product, "UPDATE webhook_endpoint SET old_secret_until = now()")
    software.secret = new
    software.answers()
    network.add_team()
    software.waits_for("team.added")
    (request,) = software.requests()
    assert len(dict(request["headers"])["Webhook-Signature"].split(" ")) == 1


def test_what_was_told_can_be_told_again_one_or_all(software: Software, network: Network) -> None:
    network.add_team()
    network.add_team()
    eventually(lambda: len(software.requests()) == 2, "two events")
    first = software.requests()[0]
    page = software.admin.get(software.page).text
    delivery = page.split('name="delivery" value="')[-1][:36]
    software.admin.post(f"{software.page}/replay", delivery=delivery)
    software.waits_for_requests(3)
    assert software.requests()[2]["id"] == first["id"]
    assert software.requests()[2]["body"] == first["body"]
    software.admin.post(f"{software.page}/replay", since="day")
    software.waits_for_requests(5)
    assert len(software.told()) == 2


def test_while_it_is_off_its_events_wait(software: Software, network: Network, product: Product) -> None:
    software.admin.post(f"{software.page}/off")
    network.add_team()
    eventually(lambda: select(product, "SELECT status FROM webhook_delivery") == [("queued",)], "an event")
    assert "waiting" in read_words(software.admin.get(software.page).text)
    software.admin.post(f"{software.page}/on")
    software.waits_for("team.added")


def test_one_that_is_removed_is_told_nothing_more(
    software: Software, network: Network, product: Product, carrier: Carrier
) -> None:
    other = Software(software.admin, carrier, "other")
    software.admin.post(f"{software.page}/remove")
    assert software.admin.get(software.page).status_code == 404
    network.add_team()
    other.waits_for("team.added")
    assert software.requests() == []
    words = read_words(software.admin.get("/admin/network/changes?of=webhook_endpoint").text)
    assert f"Webhook: {software.url} . Removed. {BOSS}" in words


def test_its_address_and_topics_can_be_changed(software: Software, network: Network, carrier: Carrier) -> None:
    elsewhere = f"{carrier.url}/webhooks/elsewhere"
    software.admin.post(software.page, url=elsewhere, topics=["team"])
    network.add_team()
    found = carrier.wait(lambda s: s["webhooks"], "an event elsewhere")
    assert [one["endpoint"] for one in found] == ["elsewhere"]
    assert software.admin.post(software.page, url="nowhere", topics=["team"]).status_code == 422


def test_a_viewer_sees_them_and_changes_nothing(software: Software, product: Product) -> None:
    software.admin.post("/admin/network/people", email="eye@network.example", role="viewer")
    change(product, "UPDATE account SET is_admin = false, is_viewer = true WHERE email = 'boss@network.example'")
    assert software.url in software.admin.get(PAGES).text
    for act in ("off", "on", "secret", "remove", "test", "replay"):
        assert software.admin.post(f"{software.page}/{act}").status_code == 403
    assert software.admin.post(PAGES, url="https://crm.example/", topics=["team"]).status_code == 403


def test_there_are_ten_at_most(admin: Visitor, product: Product) -> None:
    for number in range(10):
        assert admin.post(PAGES, url=f"https://crm{number}.example/", topics=["team"]).status_code == 200
    assert admin.post(PAGES, url="https://crm.example/", topics=["team"]).status_code == 422
    assert select(product, COUNT) == [(10,)]
