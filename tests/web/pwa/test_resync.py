"""A browser and we agree on its subscription with each page: what was lost, died or was replaced is made anew."""

from playwright.sync_api import expect

from app.providers.webpush.keys import new_private_key
from tests.support.browser.device import Device, new_keys
from tests.support.browser.subscriptions import Rows, rows, switched_off
from tests.support.world.network import AgentInTest
from tests.support.world.product import Product
from tests.web.pwa.conftest import HandOut


def test_a_page_tells_the_server_of_its_subscription_with_each_load(
    sam: AgentInTest, device: HandOut, connection: Rows
) -> None:
    phone = device(sam)
    phone.turns_push_on()
    connection.execute("TRUNCATE push_subscription CASCADE")  # a backup was played back
    switched_off(connection, sam)
    with phone.page.expect_response("**/push/subscriptions") as told:
        phone.page.reload()
    assert told.value.ok
    assert [address for address, _, _ in rows(connection)] == [f"{phone.endpoint}-1"]
    assert connection.execute("SELECT off_at FROM agent_channel").fetchall() == [(None,)]


def test_a_subscription_that_the_browser_lost_is_made_again(
    sam: AgentInTest, device: HandOut, connection: Rows
) -> None:
    phone = device(sam)
    phone.turns_push_on()
    phone.page.evaluate("localStorage.removeItem('test-push-service')")
    with phone.page.expect_response("**/push/subscriptions"):
        phone.page.reload()
    assert rows(connection)[-1][0] == f"{phone.endpoint}-2"


def test_a_dead_subscription_is_not_kept_but_made_anew(sam: AgentInTest, device: HandOut, connection: Rows) -> None:
    phone = device(sam)
    phone.turns_push_on()
    connection.execute("UPDATE push_subscription SET ended_at = now(), end_reason = 'gone'")
    with phone.page.expect_response(lambda r: r.url.endswith("/push/subscriptions") and r.status == 200):
        phone.page.reload()
    assert [(address, reason) for address, _, reason in rows(connection)] == [
        (f"{phone.endpoint}-1", "gone"), (f"{phone.endpoint}-2", None),
    ]  # fmt: skip


def test_a_new_key_of_ours_makes_browsers_subscribe_anew(
    sam: AgentInTest, device: HandOut, connection: Rows, product: Product
) -> None:
    phone = device(sam)
    phone.turns_push_on()
    with (
        product.web_with(VAPID_PRIVATE_KEY=new_private_key()),
        phone.page.expect_response(
            lambda r: r.url.endswith("/push/subscriptions") and r.request.method == "POST"
        ) as told,
    ):
        phone.page.reload()
    assert told.value.ok
    assert [(address, reason) for address, _, reason in rows(connection)] == [
        (f"{phone.endpoint}-1", "turned_off"), (f"{phone.endpoint}-2", None),
    ]  # fmt: skip


def test_a_browser_that_never_said_yes_is_not_subscribed(sam: AgentInTest, device: HandOut, connection: Rows) -> None:
    phone = device(sam)
    phone.page.reload()
    expect(phone.page.locator("[data-push-notice]")).to_be_visible()
    assert rows(connection) == []


def test_a_subscription_that_the_service_replaced_is_told_by_the_worker(
    sam: AgentInTest, device: HandOut, connection: Rows
) -> None:
    phone: Device = device(sam)
    phone.turns_push_on()
    new = {"endpoint": f"{phone.endpoint}-new", "expirationTime": None, "keys": new_keys()}
    phone.is_in_charge().evaluate(
        """async ([old, made]) => {
          const event = new Event("pushsubscriptionchange");
          event.oldSubscription = { endpoint: old, options: {} };
          let done;
          event.waitUntil = (promise) => { done = promise; };
          self.registration.pushManager.constructor.prototype.subscribe = async () => made;
          self.dispatchEvent(event);
          await done;
        }""",
        [f"{phone.endpoint}-1", new],
    )
    assert [(address, reason) for address, _, reason in rows(connection)] == [
        (f"{phone.endpoint}-1", "turned_off"), (f"{phone.endpoint}-new", None),
    ]  # fmt: skip
