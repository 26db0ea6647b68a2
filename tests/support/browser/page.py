"""The claim page as a browser without scripts has it: open, read, press a button."""

import re
from html.parser import HTMLParser

import requests

from tests.support.world.waiting import eventually


class Page:
    """One open claim page."""

    def __init__(self, link: str) -> None:
        self.link = link
        self._tag = ""
        self.response = requests.get(link, timeout=10)

    @property
    def phase(self) -> str:
        """The face it shows now."""
        self.response = requests.get(self.link, timeout=10)
        found = re.search(r'data-phase="(\w+)"', self.response.text)
        return found[1] if found else f"status {self.response.status_code}"

    @property
    def words(self) -> str:
        """What can be read on it now."""
        return read_words(requests.get(self.link, timeout=10).text)

    def press(self, action: str, **form: str) -> requests.Response:
        """Posts one of its forms as a browser would from the page itself."""
        origin = "/".join(self.link.split("/")[:3])
        return requests.post(f"{self.link}/{action}", form, headers={"Origin": origin}, timeout=10)

    def becomes(self, phase: str) -> "Page":
        """Waits until it shows this face."""
        eventually(lambda: self.phase == phase, f"the page as {phase}; it is {self.phase}")
        return self

    def polls(self) -> str:
        """Asks once for what has changed, as the open page does each second: the new face, or nothing."""
        answer = requests.get(f"{self.link}/panel", headers={"HX-PTag": self._tag}, timeout=10)
        self._tag = answer.headers.get("HX-PTag", self._tag)
        found = re.search(r'data-phase="(\w+)"', answer.text)
        return found[1] if found else ""

    @property
    def asks_on(self) -> bool:
        """Whether it would still poll."""
        return "hx-get" in requests.get(f"{self.link}/panel", timeout=10).text

    @property
    def pin(self) -> str:
        """The six digits it shows."""
        found = re.search(
            r'class="pin"><span aria-hidden="true">(\d{3})&nbsp;(\d{3})<', requests.get(self.link, timeout=10).text
        )
        assert found is not None, "no PIN"
        return found[1] + found[2]

    @property
    def call_link(self) -> str:
        """Where its tap-to-call button leads."""
        return re.findall(r'href="tel:([^"]*)"', requests.get(self.link, timeout=10).text)[0]


def read_words(html: str) -> str:
    """What a reader sees of a page, with single spaces."""
    reader = _Reader()
    reader.feed(html)
    return " ".join(" ".join(reader.words).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)
