"""The product in this process, on one of the two databases: requests of people, software and the carrier."""

import json
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from psycopg.rows import dict_row
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from app import create_app
from app.access.api_keys import make_api_key
from app.access.sign_in import make_link
from app.config import load_settings
from app.core.clock import now
from app.core.runtime import Purpose, runtime
from app.core.urls import offer_path
from app.extensions import db
from app.people.models import Account
from app.providers.smtp.mailer import Mailer
from app.providers.smtp.message import Mail
from devtools.scale.people import ADMIN_EMAIL
from devtools.servers import AUTH_TOKEN

SPENT = """
    SELECT coalesce(sum(calls), 0), coalesce(sum(total_exec_time + total_plan_time), 0)
      FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = %s
"""
"""Statements so far, and their milliseconds. Run in another database, so that it does not count itself."""
OWN_PAGE = {"Sec-Fetch-Site": "same-origin", "HX-Request": "true"}


@dataclass(frozen=True)
class Cost:
    """The cost of one request or job."""

    seconds: float
    statements: int
    postgres_ms: float


class NoMailer(Mailer):
    """Accepts every mail at once."""

    def send(self, mail: Mail) -> None:
        """Accepts it."""


@dataclass
class Visitor:
    """A browser, signed in or not."""

    client: FlaskClient
    tags: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> TestResponse:
        """Opens a page."""
        return _well(self.client.get(path, headers=headers))

    def post(self, path: str, **form: str) -> TestResponse:
        """Presses a button of our own page."""
        return _well(self.client.post(path, data=form, headers=OWN_PAGE))

    def polls(self, path: str) -> TestResponse:
        """Polls with the tag of the last answer."""
        answer = self.get(path, **{"HX-Request": "true", "HX-PTag": self.tags.get(path, "none")})
        self.tags[path] = answer.headers.get("HX-PTag", self.tags.get(path, "none"))
        return answer


class Site:
    """The product on one database. `costs` lists, by name, what each run of it cost."""

    def __init__(self, env: dict[str, str], name: str, stats_dsn: str) -> None:
        self.name = name
        self.app: Flask = create_app(load_settings(env))
        self.app.config["PROPAGATE_EXCEPTIONS"] = True
        self.app.extensions["mailer"] = NoMailer("smtp://127.0.0.1:1", "Dibs <referrals@dibs.example>")
        self.costs: dict[str, list[Cost]] = defaultdict(list)
        dsn = env["DATABASE_URL"].replace("+psycopg", "")
        self._sql: psycopg.Connection[dict[str, Any]] = psycopg.connect(dsn, autocommit=True, row_factory=dict_row)
        self._stats = psycopg.connect(stats_dsn, autocommit=True)
        self._validator, self._public_url = RequestValidator(AUTH_TOKEN), env["PUBLIC_URL"]
        self.anybody = Visitor(self.app.test_client(use_cookies=False))
        with self.app.app_context():
            self.api_key = make_api_key(db.session(), name="a run")
            db.session.commit()

    def close(self) -> None:
        """Lets go of the database."""
        self._sql.close()
        self._stats.close()
        with self.app.app_context():
            db.engine.dispose()

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """The rows themselves, past the product."""
        return self._sql.execute(query.encode(), values).fetchall()

    def timed(self, name: str, work: Callable[[], Any]) -> Any:
        """Runs `work`, and keeps its cost."""
        calls, ms = self._spent()
        began = time.perf_counter()
        done = work()
        seconds = time.perf_counter() - began
        calls_after, ms_after = self._spent()
        self.costs[name].append(Cost(seconds, calls_after - calls, ms_after - ms))
        return done

    def signed_in(self, email: str) -> Visitor:
        """A browser signed in with this address."""
        visitor = Visitor(self.app.test_client())
        with self.app.app_context():
            session = db.session()
            account = session.query(Account).filter_by(email=email).one()
            link = make_link(session, account=account, next_path=None, at=now())
            session.commit()
            path = f"/sign-in/{runtime().signer.sign(Purpose.SIGN_IN, link.id)}"
        visitor.post(path)
        return visitor

    def admin(self) -> Visitor:
        """A browser at the desk."""
        return self.signed_in(ADMIN_EMAIL)

    def link(self, offer_id: UUID) -> str:
        """The claim page's path."""
        with self.app.app_context():
            return offer_path(runtime(), offer_id)

    def hears(self, path: str, **form: str) -> TestResponse:
        """A request of the carrier's."""
        path = f"/hooks/twilio/{path}"
        signature = self._validator.compute_signature(self._public_url + path, form)
        return _well(self.anybody.client.post(path, data=form, headers={"X-Twilio-Signature": signature}))

    def asks(self, method: str, path: str, body: object = None, key: str | None = None) -> Any:
        """A request of the network's software."""
        headers = {"Authorization": f"Bearer {self.api_key}"} | ({"Idempotency-Key": key} if key else {})
        answer = self.anybody.client.open(path=f"/api/v1/{path}", method=method, json=body, headers=headers)
        return json.loads(_well(answer).text)

    def works(self, work: Callable[[], object]) -> None:
        """Runs a worker's job."""
        with self.app.app_context():
            work()

    def _spent(self) -> tuple[int, float]:
        ((calls, ms),) = self._stats.execute(SPENT, (self.name,)).fetchall()
        return int(calls), float(ms)


def _well(answer: TestResponse) -> TestResponse:
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        raise RuntimeError(f"{answer.request.path}: {answer.status}")
    return answer
