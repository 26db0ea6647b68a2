"""The sandbox: its phones, its inbox, and how it misbehaves."""

from typing import Any

from tests.support.browser.subscriber import Subscriber
from tests.support.carrier.control import Control
from tests.support.phone.phone import Phone
from tests.support.world.mailbox import Mailbox

ANONYMOUS = "+266696687"
"""How the carrier spells a number that is withheld."""


class Carrier(Control):
    """The sandbox, over its control API."""

    def phone(self, number: str) -> Phone:
        """The handset of `number`."""
        return Phone(self, number)

    def withheld_number(self) -> Phone:
        """A caller who does not show their number."""
        return Phone(self, ANONYMOUS)

    def inbox(self, address: str) -> Mailbox:
        """The mailbox of `address`."""
        return Mailbox(self, address)

    def subscriber(self, label: str = "", *, account: str = "", server_key: str = "") -> Subscriber:
        """A browser that has subscribed to push messages; with `server_key`, to those of its owner only."""
        return Subscriber(self, label, account=account, server_key=server_key)

    def behaves(self, **how: Any) -> None:
        """Misbehaves from now on; nothing given: as it should."""
        self.act("behaviour", **how)

    def reset(self) -> None:
        self.act("reset")

    def requests(self, method: str, ending: str) -> list[dict[str, Any]]:
        """The REST requests made so far."""
        return [r for r in self.state()["requests"] if r["method"] == method and r["path"].endswith(ending)]

    def texts_asked_for(self, phone: Phone) -> int:
        """How often it was asked to text this phone."""
        return sum(["To", phone.number] in request["params"] for request in self.requests("POST", "/Messages.json"))

    def has_told_everything(self) -> bool:
        """Whether no status callback of a call, no text and no bounced mail is on its way."""
        return bool(self.state()["reporting"] == 0)

    def calls_placed(self) -> int:
        return sum(1 for call in self.state()["calls"] if call["direction"] == "outbound-api")
