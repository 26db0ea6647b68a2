"""An agent's own browser, signed in, with a real service worker.

A Chromium without a network cannot subscribe at a push service: an init script answers in its place, with keys as a
service would have them. Everything after that is real: the worker gets the push from the browser and shows it.
"""

import base64
import json
import secrets
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, BrowserContext, Page, Worker

from tests.support.browser.browser import Visitor
from tests.support.browser.chromium import SIZES
from tests.support.browser.sign_in import sign_in_link
from tests.support.world.network import AgentInTest
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

STORED = "test-push-service"
PUSH_SERVICE = """
(([stored, service]) => {
  const read = () => JSON.parse(localStorage.getItem(stored) ?? "null");
  const octets = (key) => Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const made = (json) => json && {
    endpoint: json.endpoint,
    options: { userVisibleOnly: true, applicationServerKey: octets(localStorage.getItem(`${stored}-key`)).buffer },
    toJSON: () => json,
    unsubscribe: async () => { localStorage.removeItem(stored); return true; },
  };
  PushManager.prototype.getSubscription = async () => made(read());
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    if (!userVisibleOnly || !/^[A-Za-z0-9_-]{87}$/.test(applicationServerKey)) throw new TypeError("no such key");
    const number = Number(localStorage.getItem(`${stored}-made`) ?? 0) + 1;
    localStorage.setItem(`${stored}-made`, number);
    localStorage.setItem(`${stored}-key`, applicationServerKey);
    localStorage.setItem(stored, JSON.stringify({ ...service, endpoint: `${service.endpoint}-${number}` }));
    return made(read());
  };
})(%s)
"""
TAP = """
async ([tag, action]) => {
  self.opened = [];
  // A worker may open a window only after a tap of a finger, which no script can make: what it would open is kept.
  self.clients.openWindow = async (url) => { self.opened.push(url); return null; };
  const [notification] = await self.registration.getNotifications({ tag });
  const event = new NotificationEvent("notificationclick", { notification, action });
  let done;
  event.waitUntil = (promise) => { done = promise; };
  self.dispatchEvent(event);
  await done;
  return self.opened;
}
"""
SHOWN = """
async () => {
  const registration = await navigator.serviceWorker.ready;
  const shown = await registration.getNotifications();
  return shown.map(({ title, body, tag, requireInteraction, renotify, actions, data }) =>
    ({ title, body, tag, requireInteraction, renotify, actions: actions.map(({ action }) => action), data }));
}
"""
CACHED = """
async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found[request.url] = await (await cache.match(request)).text();
  }
  return found;
}
"""


def encoded(octets: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def new_keys() -> dict[str, str]:
    """The keys of a subscription."""
    point = generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"p256dh": encoded(point), "auth": encoded(secrets.token_bytes(16))}


class Device:
    """One browser profile."""

    def __init__(self, context: BrowserContext, product: Product, scripts: Sequence[str] = ()) -> None:
        self.context, self.product = context, product
        self.endpoint = f"http://127.0.0.1:{product.sandbox_port}/push/{secrets.token_urlsafe(12)}"
        service = [STORED, {"endpoint": self.endpoint, "expirationTime": None, "keys": new_keys()}]
        context.add_init_script(PUSH_SERVICE % json.dumps(service))
        for script in scripts:
            context.add_init_script(script)
        context.grant_permissions(["notifications"])
        self.complaints: list[str] = []
        self.page = self.new_page()

    @classmethod
    def of(
        cls,
        browser: Browser,
        product: Product,
        agent: AgentInTest,
        size: str = "phone",
        scripts: Sequence[str] = (),
        **how: Any,
    ) -> "Device":
        """A fresh one in this agent's hands, at their list of referrals; `scripts` make another browser of it."""
        context = browser.new_context(viewport=SIZES[size], reduced_motion="reduce", **how)
        device = cls(context, product, scripts)
        device.signs_in(agent)
        return device

    def new_page(self) -> Page:
        """Another tab."""
        page = self.context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def signs_in(self, agent: AgentInTest) -> None:
        self.page.goto(sign_in_link(Visitor(self.product.url), agent))
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url("**/referrals")
        self.is_in_charge()
        later = self.page.get_by_role("button", name="Later")
        if later.count():  # the first question to a new agent is whether we can reach them
            with self.page.expect_navigation():
                later.click()
            self.is_in_charge()

    def is_in_charge(self) -> Worker:
        """Waits until the worker is, and returns it."""
        self.page.evaluate(
            "async () => { await navigator.serviceWorker.ready; while (!navigator.serviceWorker.controller)"
            " await new Promise((next) => setTimeout(next, 20)); }"
        )
        return self.context.service_workers[-1]

    def turns_push_on(self) -> None:
        self.page.get_by_role("button", name="Turn on").click()
        self.page.locator("[data-push-notice]").wait_for(state="hidden")

    def gets_push(self, data: str) -> list[dict[str, Any]]:
        """The push service delivers this; what is shown then."""
        before = self.shown()
        devtools = self.context.new_cdp_session(self.page)
        registrations: list[dict[str, Any]] = []
        devtools.on("ServiceWorker.workerRegistrationUpdated", lambda e: registrations.extend(e["registrations"]))
        devtools.send("ServiceWorker.enable")
        eventually(lambda: registrations or self.page.wait_for_timeout(20), "the worker's registration")
        push = {"origin": self.product.url, "registrationId": registrations[-1]["registrationId"], "data": data}
        devtools.send("ServiceWorker.deliverPushMessage", push)
        try:
            eventually(lambda: self.shown() != before, "a notification", patience=5)
        except AssertionError:  # devtools drop what comes while the worker of a page that loads anew is being looked at
            push["registrationId"] = registrations[-1]["registrationId"]
            devtools.send("ServiceWorker.deliverPushMessage", push)
            eventually(lambda: self.shown() != before, "a notification")
        devtools.detach()
        return self.shown()

    def shown(self) -> list[dict[str, Any]]:
        """The notifications on the screen."""
        found: list[dict[str, Any]] = self.page.evaluate(SHOWN)
        return found

    def taps(self, tag: str, action: str = "") -> list[str]:
        """A finger on a notification, or on a button of it; the windows that the worker would open."""
        opened: list[str] = self.is_in_charge().evaluate(TAP, [tag, action])
        return opened

    def cached(self) -> dict[str, str]:
        """All that the worker keeps: address, and text."""
        found: dict[str, str] = self.page.evaluate(CACHED)
        return found

    def close(self) -> None:
        self.context.close()
