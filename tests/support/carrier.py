"""Hands on the sandbox's phones and eyes on its inbox, so that tests read like the product."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

PATIENCE = 12.0
LINK = re.compile(r"https?://\S+")
VERIFIED, UNVERIFIED = "TN-Validation-Passed-A", "TN-Validation-Passed-C"
ANONYMOUS = "+266696687"
"""How the carrier spells a number that is withheld."""


@dataclass(frozen=True)
class Text:
    """An SMS."""

    body: str
    segments: int
    raw: dict[str, Any]

    @property
    def link(self) -> str:
        return LINK.findall(self.body)[-1]


@dataclass(frozen=True)
class ReceivedMail:
    """An email."""

    subject: str
    text: str
    html: str
    headers: dict[str, str]

    @property
    def link(self) -> str:
        return LINK.findall(self.text)[-1]


class Carrier:
    """The sandbox, over its control API."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = requests.Session()

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self._http.get(f"{self.url}/control/state", timeout=30).json()
        return found

    def wait(self, look: Callable[[dict[str, Any]], Any], what: str, patience: float = PATIENCE) -> Any:
        """Asks until `look` finds something true in the state."""
        since, left = -1, patience
        while True:
            params: dict[str, float] = {"since": since, "wait": left}
            answer = self._http.get(f"{self.url}/control/state", params=params, timeout=patience + 20)
            left -= answer.elapsed.total_seconds()
            state = answer.json()
            found = look(state)
            if found:
                return found
            if left <= 0:
                raise AssertionError(f"never came: {what}\n{_told(state)}")
            since = state["version"]

    def act(self, path: str, **body: Any) -> None:
        self._http.post(f"{self.url}/control/{path}", json=body, timeout=10).raise_for_status()

    def phone(self, number: str) -> "Phone":
        """The handset of `number`."""
        return Phone(self, number)

    def withheld_number(self) -> "Phone":
        """A caller who does not show their number."""
        return Phone(self, ANONYMOUS)

    def inbox(self, address: str) -> "Mailbox":
        """The mailbox of `address`."""
        return Mailbox(self, address)

    def behaves(self, **how: Any) -> None:
        """Misbehaves from now on; nothing given: as it should."""
        self.act("behaviour", **how)

    def reset(self) -> None:
        self.act("reset")

    def requests(self, method: str, ending: str) -> list[dict[str, Any]]:
        """The REST requests made so far."""
        return [r for r in self.state()["requests"] if r["method"] == method and r["path"].endswith(ending)]

    def calls_placed(self) -> int:
        return sum(1 for call in self.state()["calls"] if call["direction"] == "outbound-api")


class Phone:
    """One handset; each call of a method waits until it can be done, or fails with what was heard."""

    def __init__(self, carrier: Carrier, number: str) -> None:
        self._carrier = carrier
        self.number = number
        self._seen: set[str] = set()
        self._sid = ""

    def rings(self) -> "Phone":
        """Waits until it rings."""
        call = self._carrier.wait(
            lambda s: self._call(s, lambda c: c["status"] == "ringing" and c["sid"] not in self._seen),
            f"a call to {self.number}",
        )
        self._sid = call["sid"]
        self._seen.add(self._sid)
        return self

    def picks_up_by_itself(self) -> "Phone":
        """Waits until a call has been answered that nobody touched."""
        call = self._carrier.wait(
            lambda s: self._call(s, lambda c: c["status"] == "in-progress" and c["sid"] not in self._seen),
            f"a call that {self.number} picks up by itself",
        )
        self._sid = call["sid"]
        self._seen.add(self._sid)
        return self

    def answer(self) -> "Phone":
        self._carrier.act(f"calls/{self._sid}/answer")
        self._carrier.wait(lambda s: self._mine(s)["status"] != "ringing", "the pick-up")
        return self

    def decline(self) -> "Phone":
        self._carrier.act(f"calls/{self._sid}/decline")
        return self

    def hang_up(self) -> "Phone":
        self._carrier.act(f"calls/{self._sid}/hang-up")
        return self

    def rings_out(self) -> "Phone":
        """Nobody picks up, until the carrier gives up."""
        self._carrier.act(f"calls/{self._sid}/ring-out", status="no-answer")
        return self

    def cannot_be_reached(self) -> "Phone":
        """The carrier cannot complete the call: a number out of service."""
        self._carrier.act(f"calls/{self._sid}/ring-out", status="failed")
        return self

    def behaves(self, mode: str) -> "Phone":
        """What it does by itself when it rings: manual, voicemail, busy, or answers."""
        self._carrier.act("phones", number=self.number, mode=mode)
        return self

    @property
    def shows(self) -> str:
        """The number on its display."""
        return str(self._mine(self._carrier.state())["ours"])

    @property
    def sid(self) -> str:
        """What the carrier calls its newest call."""
        return self._sid

    def heard(self) -> list[str]:
        """What the voice has said so far."""
        return [line["text"] for line in self._mine(self._carrier.state())["transcript"] if line["who"] == "voice"]

    def hears(self, words: str) -> "Phone":
        """Waits until the voice has said `words`."""
        self._carrier.wait(
            lambda s: any(words.lower() in line["text"].lower() for line in self._mine(s)["transcript"]),
            f"{words!r} on {self.number}",
        )
        return self

    def hears_again(self, words: str, times: int) -> "Phone":
        """Waits until the voice has said `words` so often."""
        self._carrier.wait(
            lambda s: sum(words.lower() in line["text"].lower() for line in self._mine(s)["transcript"]) >= times,
            f"{words!r} on {self.number}, {times} times",
        )
        return self

    def press(self, keys: str) -> "Phone":
        """Presses keys as soon as somebody listens."""
        self._carrier.wait(lambda s: self._mine(s)["gathering"], "somebody who listens for keys")
        self._carrier.act(f"calls/{self._sid}/press/{quote(keys, safe='')}")
        return self

    def is_over(self, status: str | None = None) -> "Phone":
        """Waits until the call has ended."""
        self._carrier.wait(
            lambda s: self._mine(s)["over"] and status in (None, self._mine(s)["status"]),
            f"the end of the call {status}",
        )
        return self

    def gets_text(self, words: str = "") -> Text:
        """Waits for an SMS with these words."""
        found = self._carrier.wait(
            lambda s: [m for m in s["messages"] if m["to"] == self.number and words in m["body"]],
            f"a text {words!r} to {self.number}",
        )[-1]
        return Text(found["body"], found["segments"], found)

    def texts(self, words: str = "") -> list[str]:
        """The texts so far."""
        return [m["body"] for m in self._carrier.state()["messages"] if m["to"] == self.number and words in m["body"]]

    def writes(self, body: str) -> None:
        self._carrier.act("text", **{"from": self.number, "body": body})

    def calls_us(self, *, verified: bool = True) -> "Phone":
        """Rings our number; the carrier vouches for the caller's, or not."""
        before = {c["sid"] for c in self._carrier.state()["calls"]}
        self._carrier.act("dial", **{"from": self.number, "stir": VERIFIED if verified else UNVERIFIED})
        call = self._carrier.wait(
            lambda s: self._call(s, lambda c: c["sid"] not in before and c["direction"] == "inbound"), "the call to us"
        )
        self._sid = call["sid"]
        return self

    def _call(self, state: dict[str, Any], wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | None:
        return next((c for c in state["calls"] if c["phone"] == self.number and wanted(c)), None)

    def _mine(self, state: dict[str, Any]) -> dict[str, Any]:
        return next(c for c in state["calls"] if c["sid"] == self._sid)


class Mailbox:
    """One address's mails."""

    def __init__(self, carrier: Carrier, address: str) -> None:
        self._carrier = carrier
        self._address = address

    def gets_mail(self, subject: str = "") -> ReceivedMail:
        """Waits for a mail with this subject."""
        found = self._carrier.wait(
            lambda s: [m for m in s["mails"] if self._address in m["to"] and subject in m["subject"]],
            f"a mail {subject!r} to {self._address}",
        )[-1]
        return ReceivedMail(found["subject"], found["text"], found["html"], dict(found["headers"]))

    def mails(self, subject: str = "") -> list[str]:
        """The subjects so far."""
        mails = self._carrier.state()["mails"]
        return [m["subject"] for m in mails if self._address in m["to"] and subject in m["subject"]]


def _told(state: dict[str, Any]) -> str:
    lines = [f"{c['direction']} {c['phone']} {c['status']}: {c['transcript']}" for c in state["calls"]]
    lines += [f"text to {m['to']} {m['status']}" for m in state["messages"]]
    lines += [f"mail to {m['to']}: {m['subject']}" for m in state["mails"]]
    lines += [
        f"callback {c['url'].rpartition('/')[2]} {c['params'].get('CallStatus')} -> {c['answer']}"
        for c in state["callbacks"]
    ]
    return "\n".join([*lines, *state["errors"]])
