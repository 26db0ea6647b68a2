"""Eyes on the sandbox's inbox."""

from dataclasses import dataclass
from typing import Any

from tests.support.browser.links import LINK
from tests.support.carrier.control import Control


@dataclass(frozen=True)
class ReceivedMail:
    """An email."""

    subject: str
    text: str
    html: str
    headers: dict[str, str]
    envelope_sender: str
    """Where it would come back to."""

    @property
    def link(self) -> str:
        return LINK.findall(self.text)[0]


class Mailbox:
    """One address's mails."""

    def __init__(self, carrier: Control, address: str) -> None:
        self._carrier = carrier
        self._address = address

    def gets_mail(self, subject: str = "") -> ReceivedMail:
        """Waits for a mail with this subject."""
        found = self._carrier.wait(
            lambda s: [m for m in s["mails"] if self._address in m["to"] and subject in m["subject"]],
            f"a mail {subject!r} to {self._address}",
        )[-1]
        return ReceivedMail(
            found["subject"], found["text"], found["html"], dict(found["headers"]), found["envelope_sender"]
        )

    def unsubscribes(self) -> int | str:
        """One click on "Unsubscribe" above the newest mail that offers it; what that was answered."""
        mail = self._carrier.wait(
            lambda s: [m for m in s["mails"] if self._address in m["to"] and _one_click(m)],
            f"a mail to {self._address} that can be unsubscribed from",
        )[-1]
        answer: int | str = self._carrier.act(f"mails/{mail['id']}/unsubscribe")["answer"]
        return answer

    def mails(self, subject: str = "") -> list[str]:
        """The subjects so far."""
        mails = self._carrier.state()["mails"]
        return [m["subject"] for m in mails if self._address in m["to"] and subject in m["subject"]]


def _one_click(mail: dict[str, Any]) -> bool:
    return {"List-Unsubscribe", "List-Unsubscribe-Post"} <= {name for name, _ in mail["headers"]}
