"""What a browser without a cache fetches for the claim page, compressed as it asks for it."""

import re
import urllib.request
from dataclasses import dataclass

ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass(frozen=True)
class ColdPage:
    """Requests, and bytes of their bodies."""

    parts: list[tuple[str, int]]

    @property
    def requests(self) -> int:
        return len(self.parts)

    @property
    def bytes(self) -> int:
        return sum(size for _, size in self.parts)


def cold_page(port: int, path: str) -> ColdPage:
    """Fetches the page and everything it names."""
    html = _fetch(port, path)
    parts = [("the page", len(html))]
    parts += [(asset.rpartition("/")[2], len(_fetch(port, asset))) for asset in ASSET.findall(html.decode())]
    return ColdPage(parts)


def _fetch(port: int, path: str) -> bytes:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "br, gzip"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        body: bytes = answer.read()
    return body
