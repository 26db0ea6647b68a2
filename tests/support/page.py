"""The claim page as a browser without scripts has it: open, read, press a button."""

import re
from html.parser import HTMLParser

import requests


class Page:
    """One open claim page."""

    def __init__(self, link: str) -> None:
        self.link = link
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
        reader = _Reader()
        reader.feed(requests.get(self.link, timeout=10).text)
        return " ".join(" ".join(reader.words).split())

    def press(self, action: str) -> requests.Response:
        """Posts one of its forms as a browser would from the page itself."""
        origin = "/".join(self.link.split("/")[:3])
        return requests.post(f"{self.link}/{action}", headers={"Origin": origin}, timeout=10)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)
