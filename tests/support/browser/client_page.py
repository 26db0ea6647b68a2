"""The client's page as a browser without scripts has it: open, read, press a button."""

import re

import requests

from tests.support.browser.page import read_words
from tests.support.world.waiting import eventually

OPTION = re.compile(r'<option value="([^"]+)">([^<]+)<')


class ClientPage:
    """One client's page."""

    def __init__(self, link: str) -> None:
        self.link = link

    def get(self, **headers: str) -> requests.Response:
        """The page itself."""
        return requests.get(self.link, headers=headers, timeout=10)

    @property
    def words(self) -> str:
        """What can be read on it now."""
        return read_words(self.get().text)

    def says(self, words: str) -> "ClientPage":
        """Waits until it says these words."""
        eventually(lambda: words in self.words, f"{words!r}; it says {self.words!r}")
        return self

    @property
    def times(self) -> list[str]:
        """The times it offers, as a form posts them."""
        return [value for value, _ in OPTION.findall(self.get().text)]

    def press(self, action: str, **form: str) -> requests.Response:
        """Posts one of its forms as a browser would from the page itself."""
        origin = "/".join(self.link.split("/")[:3])
        return requests.post(f"{self.link}/{action}", form, headers={"Origin": origin}, timeout=10)
