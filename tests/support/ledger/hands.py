"""The ledger's verdict in the middle of a test, and hands that send past the product."""

import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

from twilio.rest import Client

from app.config import load_settings
from app.providers.webpush.pusher import Push, Pusher
from tests.support.browser.subscriber import Subscriber
from tests.support.carrier.carrier import Carrier
from tests.support.ledger.facts import Facts, read_facts
from tests.support.ledger.ledger import Expected, unexplained
from tests.support.ledger.sent import Sent, messages_in
from tests.support.world.database import Database
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

OURS = "+15125550100"
UNDER_WAY = "SELECT 1 FROM notification WHERE status IN ('queued', 'sending')"


class Ledger:
    """Of one network, its database and its carrier."""

    def __init__(self, network: Network, product: Product, carrier: Carrier, database: Database) -> None:
        self._network, self._product, self._carrier, self._database = network, product, carrier, database

    def verdict(self, *expected: Expected, change: Callable[[Any], Any] = lambda state: state) -> list[str]:
        state = change(self._carrier.state())
        return unexplained(state, self._facts(), expected)

    def seen(self) -> list[Sent]:
        """All messages, once none is under way."""
        eventually(lambda: not self._database.rows(UNDER_WAY), "an end of all messages")
        return messages_in(self._carrier.state(), self._facts())

    def text(self, to: str, body: str) -> None:
        self._account().messages.create(to=to, from_=OURS, body=body)

    def call(self, to: str) -> None:
        self._account().calls.create(to=to, from_=OURS, twiml="<Response><Hangup/></Response>")

    def mail(self, to: str, subject: str, body: str, message_id: str = "") -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "dibs@dibs.example", to, subject
        message["Message-ID"] = message_id or f"<{uuid4()}@dibs.example>"
        message.set_content(body)
        with smtplib.SMTP("127.0.0.1", self._product.smtp_port) as server:
            server.send_message(message)

    def push(self, to: Subscriber, payload: str) -> None:
        settings, given = load_settings({}), to.subscription
        pusher = Pusher(settings.vapid_private_key, "mailto:operator@dibs.example", lambda _url: True)
        keys = given["keys"]
        pusher.push(Push(given["endpoint"], keys["p256dh"], keys["auth"], payload, "topic", 60))

    def _account(self) -> Client:
        env = self._product.env
        made = Client(env["TWILIO_ACCOUNT_SID"], env["TWILIO_AUTH_TOKEN"])
        made.api.base_url = self._carrier.url
        return made

    def _facts(self) -> Facts:
        url = self._product.env["DATABASE_URL"]
        return read_facts(url, earlier=self._network.contacts, moved=self._database.moved)
