"""Unchanged polls are answered before Flask; everything else goes on to the app."""

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.http.polling import Unchanged


def reads(which: str, tag: str) -> bool:
    """The tag of part `it` is "now"; for any other part the database is down."""
    if which != "it":
        raise psycopg.OperationalError
    return tag == "now"


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__)
    app.add_url_rule("/<path:_any>", "any", lambda _any: "from the app", methods=["GET", "POST"])
    app.wsgi_app = Unchanged(app, path="/part/(.+)", endpoint="any", reads=reads)  # type: ignore[method-assign]
    return app.test_client()


def test_what_reads_as_the_browser_has_it_is_not_sent_again(client: FlaskClient) -> None:
    answer = client.get("/part/it", headers={"HX-PTag": "now"})
    assert (answer.status_code, answer.data) == (304, b"")


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/part/it", {"HX-PTag": "before"}),
        ("GET", "/part/it", {}),
        ("POST", "/part/it", {"HX-PTag": "now"}),
        ("GET", "/other/it", {"HX-PTag": "now"}),
        ("GET", "/part/another", {"HX-PTag": "now"}),
    ],
    ids=["it has changed", "nothing is known of it", "a button", "another part", "the database is away"],
)
def test_everything_else_is_the_apps(client: FlaskClient, method: str, path: str, headers: dict[str, str]) -> None:
    answer = client.open(path, method=method, headers=headers)
    assert (answer.status_code, answer.text) == (200, "from the app")
