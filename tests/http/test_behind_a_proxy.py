"""What a proxy and a visitor say: who asks is told by our own proxies alone, and no redirect leaves us."""

import pytest
from flask import Flask

from app import create_app
from app.config import load_settings
from app.core.database.ids import new_id
from app.core.tokens import Purpose, TokenSigner
from app.http.visitor import visitor
from tests.support.world.product import Product

SECURE = {"PUBLIC_URL": "https://dibs.example", "SECRET_KEY": "secret-key-of-a-real-network"}


def made(product: Product, **settings: str) -> Flask:
    return create_app(load_settings({**product.env, **settings}))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        ("0", "203.0.113.9", "192.0.2.1"),
        ("1", "203.0.113.9", "203.0.113.9"),
        ("1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("2", "198.51.100.7, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        ("2", "10.0.0.1", "192.0.2.1"),
        ("1", "", "192.0.2.1"),
        ("1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("1", "2001:db8:1:2::99", "2001:db8:1:2::/64"),
        ("1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("1", "unix:", "unknown"),
    ],
)
def test_the_visitor_is_whom_our_outermost_proxy_saw(product: Product, proxies: str, forwarded: str, seen: str) -> None:
    app = made(product, TRUSTED_PROXIES=proxies)
    app.add_url_rule("/who", "who", visitor)
    asked = app.test_client().get(
        "/who", headers={"X-Forwarded-For": forwarded}, environ_base={"REMOTE_ADDR": "192.0.2.1"}
    )
    assert asked.text == seen


@pytest.mark.parametrize("host", ["evil.example", "dibs.example"])
@pytest.mark.parametrize("path", ["/admin", "/admin/", "/", "//evil.example/admin", "/referrals"])
def test_no_redirect_names_a_host_or_a_scheme(product: Product, host: str, path: str) -> None:
    answer = (
        made(product, **SECURE)
        .test_client()
        .get(path, base_url=f"http://{host}", headers={"X-Forwarded-Proto": "https"})
    )
    location = answer.headers.get("Location", "/")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


def test_over_https_cookies_are_of_this_host_alone_and_browsers_come_back_by_https(product: Product) -> None:
    app = made(product, **SECURE)
    answer = app.test_client().get("/sign-in")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = {name.removeprefix("SESSION_COOKIE_"): app.config[name] for name in app.config if "SESSION_COOKIE" in name}
    assert cookie["NAME"] == "__Host-dibs"
    assert (cookie["SECURE"], cookie["HTTPONLY"], cookie["SAMESITE"], cookie["PATH"]) == (True, True, "Lax", "/")
    assert not cookie["DOMAIN"]


def test_a_code_sent_before_the_key_was_rotated_is_still_right() -> None:
    old, new = b"the-key-of-before-and-long", b"the-key-of-today-and-longer"
    row_id = new_id()
    code = TokenSigner((old,)).code(Purpose.SIGN_IN, row_id)
    assert TokenSigner((new, old)).is_code(Purpose.SIGN_IN, row_id, code)
    assert not TokenSigner((new,)).is_code(Purpose.SIGN_IN, row_id, code)
