"""Hands on one of the sandbox's phones, so that tests read like the product."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.support.browser.links import LINK
from tests.support.carrier.control import Control

VERIFIED, UNVERIFIED = "TN-Validation-Passed-A", "TN-Validation-Passed-C"


@dataclass(frozen=True)
class Text:
    """An SMS."""

    body: str
    segments: int
    raw: dict[str, Any]

    @property
    def link(self) -> str:
        return LINK.findall(self.body)[-1]


class Phone:
    """One handset; each call of a method waits until it can be done, or fails with what was heard."""

    def __init__(self, carrier: Control, number: str) -> None:
        self._carrier = carrier
        self.number = number
        self._seen: set[str] = set()
        self._read: set[str] = set()
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

    def lines(self) -> list[dict[str, Any]]:
        """All that was heard and pressed so far: who, what, and in which language."""
        lines: list[dict[str, Any]] = self._mine(self._carrier.state())["transcript"]
        return lines

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

    def speaks(self, seconds: int) -> "Phone":
        """Says something that lasts so long."""
        self._carrier.act(f"calls/{self._sid}/speak", seconds=seconds)
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
        return self._reads(found)

    def gets_another_text(self, words: str = "") -> Text:
        """Waits for an SMS with these words that was not read before."""
        found = self._carrier.wait(
            lambda s: [
                m for m in s["messages"] if m["to"] == self.number and words in m["body"] and m["sid"] not in self._read
            ],
            f"another text {words!r} to {self.number}",
        )[-1]
        return self._reads(found)

    def _reads(self, message: dict[str, Any]) -> Text:
        self._read.add(message["sid"])
        return Text(message["body"], message["segments"], message)

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
