"""Files that each page needs are kept by part and answered as one."""

import re

import pytest
import requests

from app.http.static import DESK, JOINED, LIVE, PORTAL, STATIC_DIR
from tests.support.world.product import Product

NEVER_AGAIN = "max-age=31536000, public, immutable"


def address(product: Product, name: str) -> str:
    """Where a page of the product finds the file `name`."""
    page = requests.get(f"{product.url}/sign-in", timeout=10).text
    prefix = re.search(r"/static/\w+/", page)
    assert prefix
    return product.url + prefix[0] + name


@pytest.mark.parametrize("name", JOINED)
@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_a_joined_file_holds_its_parts_in_order(product: Product, name: str, encoding: str) -> None:
    answer = requests.get(address(product, name), headers={"Accept-Encoding": encoding}, timeout=10)
    assert answer.headers.get("Content-Encoding", "identity") == encoding
    assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == (NEVER_AGAIN, "Accept-Encoding")
    parts = [(STATIC_DIR / part).read_bytes() for part in JOINED[name]]
    if name in (LIVE, PORTAL, DESK):
        parts = [b"{\n" + part + b"}" for part in parts]
    assert answer.content == b"\n".join(parts)


@pytest.mark.parametrize("name", [*JOINED, "icons/icon.svg", "js/push.js"])
def test_a_file_is_what_its_type_says_and_for_our_own_pages(product: Product, name: str) -> None:
    answer = requests.get(address(product, name), timeout=10)
    assert (answer.status_code, answer.headers["X-Content-Type-Options"]) == (200, "nosniff")
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_no_other_file_is_answered_that_is_not_there(product: Product) -> None:
    for name in ("css/none.css", "../app/__init__.py", "css/"):
        assert requests.get(address(product, name), timeout=10).status_code == 404
