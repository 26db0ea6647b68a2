"""A person with a browser but no scripts: cookies, forms, and the headers a browser sends."""

import json
import re

import requests


class Visitor:
    """One browser profile."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = requests.Session()

    def get(self, path: str, **headers: str) -> requests.Response:
        return self._http.get(self._full(path), headers=headers, timeout=10)

    def post(self, path: str, **fields: object) -> requests.Response:
        """Sends a form from one of our own pages, and follows where it leads."""
        return self._http.post(self._full(path), fields, headers={"Sec-Fetch-Site": "same-origin"}, timeout=10)

    def send(self, method: str, path: str, body: object, agent: str = "", **headers: str) -> requests.Response:
        """What a script of our own pages sends: JSON, or `body` as it is when it is text already."""
        text = body if isinstance(body, str) else json.dumps(body)
        sent = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json", "User-Agent": agent, **headers}
        return self._http.request(method, self._full(path), data=text.encode(), headers=sent, timeout=10)

    def signs_in(self, link: str) -> "Visitor":
        """Opens a sign-in link and taps its button."""
        assert re.search("Sign in|Entrar", self.get(link).text)
        answer = self.post(link)
        assert answer.ok, answer.text
        return self

    def takes_cookies_of(self, other: "Visitor") -> None:
        """As somebody who has copied them."""
        self._http.cookies.update(other._http.cookies)

    def _full(self, path: str) -> str:
        return path if path.startswith("http") else self.url + path


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page)
    assert found is not None
    return found[1]
