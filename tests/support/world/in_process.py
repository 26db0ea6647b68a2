"""The product in this process, on real Postgres and Valkey: surfaces, jobs, sweeper, and a clock to turn."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import redis
import structlog
import time_machine
from psycopg.rows import dict_row
from sqlalchemy import event
from twilio.request_validator import RequestValidator

from app import create_app
from app.clients.service import NewClient
from app.config import load_settings
from app.core.clock import now
from app.core.database.connections import follow_clock
from app.core.referral_kind import ReferralKind
from app.core.runtime import NAME, Purpose
from app.extensions import db
from app.offers.service import Window
from app.people.accounts import add_admin
from app.people.service import AgentDetails, add_agent, add_team
from app.providers.smtp.mailer import Mailer
from app.providers.smtp.message import Mail
from app.providers.webpush.keys import new_private_key
from app.referrals.service import NewReferral
from app.routing.intake import refer
from app.workers.calls.jobs import end_call, place_call
from app.workers.sweeper import Sweeper
from tests.support.carrier.loose_carrier import Killed, LooseCarrier
from tests.support.carrier.true_call import Answer, Request
from tests.support.world.emptying import delete_rows

URL, NUMBER, TOKEN = "https://dibs.example", "+15125550100", "tests-auth-token"
NOON = datetime(2026, 11, 24, 18, tzinfo=UTC)
"""In Austin."""
JOBS = {"place": place_call, "end": end_call}


class NoMailer(Mailer):
    """Takes every mail."""

    def send(self, mail: Mail) -> None:
        pass


class OneThread(Sweeper):
    """Does in the turn itself what the sweeper does in threads of its own."""

    def turn(self) -> None:
        with self._app.app_context():
            self._sweep()

    def _in_background(self, work: Callable[[], None], key: UUID) -> None:
        try:
            with self._app.app_context():
                work()
        except Killed:
            pass  # the next turn is another process's


class InProcess:
    """One product and one carrier; `begin()` empties both and sets the clock."""

    def __init__(self, database_url: str, redis_url: str) -> None:
        settings = {
            "DIBS_ENV": "development", "PUBLIC_URL": URL, "DATABASE_URL": database_url, "REDIS_URL": redis_url,
            "TWILIO_CALL_FROM": NUMBER, "TWILIO_AUTH_TOKEN": TOKEN, "CLIENT_HOURS": "8-21",
            "SECRET_KEY": "secret-key-of-tests-in-one-process", "VAPID_PRIVATE_KEY": new_private_key(),
            "WELCOME_TEXTS": "no",
            "TEXTS_PER_SECOND": "1000",  # the clock stands still while messages are sent
        }  # fmt: skip
        self.app = create_app(load_settings(settings))
        with self.app.app_context():  # the clock that it turns is not set right by the database's
            event.remove(db.engine, "checkout", follow_clock)
        self.app.config["PROPAGATE_EXCEPTIONS"] = True
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        self._redis = redis.Redis.from_url(redis_url)
        self._sql = psycopg.connect(
            database_url.replace("postgresql+psycopg", "postgresql"), autocommit=True, row_factory=dict_row
        )
        self._validator = RequestValidator(TOKEN)
        self._http = self.app.test_client(use_cookies=False)
        self._time: time_machine.Traveller | None = None
        self.app.extensions["mailer"] = NoMailer("smtp://127.0.0.1:1", "Dibs <referrals@dibs.example>")
        self._sweeper = OneThread(self.app)
        self.carrier = LooseCarrier(self.ask, now, NUMBER)

    def begin(self, at: datetime = NOON) -> None:
        delete_rows(self._sql)
        self._redis.flushdb()
        self.app.extensions["carrier"] = self.carrier = LooseCarrier(self.ask, now, NUMBER)
        self.app.extensions.pop("dispatcher", None)  # which has the carrier before it
        self._travel = time_machine.travel(at, tick=False)
        self._time = self._travel.start()

    def end(self) -> None:
        if self._time is not None:
            self._travel.stop()
            self._time = None

    def close(self) -> None:
        self._sql.close()
        self._redis.close()
        with self.app.app_context():
            db.engine.dispose()

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """Past the product: what is really there."""
        found = self._sql.execute(query.encode(), values)
        return found.fetchall() if found.description else []

    def passes(self, seconds: float) -> None:
        assert self._time is not None
        self._time.shift(timedelta(seconds=seconds))
        self.carrier.time_has_passed()

    def sweeps(self) -> None:
        self._sweeper.turn()

    def does(self, job: str, row_id: UUID) -> None:
        """A worker does one job, or is killed over it."""
        try:
            with self.app.app_context():
                JOBS[job](str(row_id))
        except Killed:
            pass

    def ask(self, request: Request) -> Answer:
        """A signed request of the carrier's."""
        params = dict(request.params)
        signature = self._validator.compute_signature(request.url, params)
        path = request.url.removeprefix(URL)
        answer = self._http.post(path, data=params, headers={"X-Twilio-Signature": signature})
        return Answer(answer.status_code, answer.text)

    def taps(self, offer_id: UUID, action: str, **form: str) -> Answer:
        headers = {"Sec-Fetch-Site": "same-origin", "HX-Request": "true"}
        answer = self._http.post(f"{self.link(offer_id)}/{action}", data=form, headers=headers)
        return Answer(answer.status_code, answer.text)

    def client_taps(self, offer_id: UUID, action: str) -> Answer:
        """On the page of the client whose referral was offered."""
        (row,) = self.rows("SELECT referral_id FROM offer WHERE id = %s", offer_id)
        token = self.app.extensions[NAME].signer.sign(Purpose.CLIENT, row["referral_id"])
        answer = self._http.post(f"/c/{token}/{action}", headers={"Sec-Fetch-Site": "same-origin"})
        return Answer(answer.status_code, answer.text)

    def opens(self, offer_id: UUID, part: str = "") -> Answer:
        answer = self._http.get(self.link(offer_id) + part)
        return Answer(answer.status_code, answer.text)

    def link(self, offer_id: UUID) -> str:
        return f"/o/{self.app.extensions[NAME].signer.sign(Purpose.OFFER, offer_id)}"

    def network(self, members: int) -> UUID:
        """A team and two admins."""
        with self.app.app_context():
            session = db.session()
            team = add_team(session, name="Lakeline Homes")
            for n in range(members):
                details = AgentDetails(
                    f"Agent{n} Ortiz",
                    f"agent{n}@agents.example",
                    f"+1512555100{n}",
                    "America/Chicago",
                    True,
                    True,
                    team.id,
                )
                add_agent(session, details=details, consent_source="tests", at=now())
            for n in range(2):
                add_admin(session, email=f"admin{n}@dibs.example")
            session.commit()
            return team.id

    def refers(self, team_id: UUID) -> list[UUID]:
        """A referral to the team; its offers, in the order of the members."""
        with self.app.app_context():
            session = db.session()
            new = NewReferral(
                ReferralKind.SELLER, NewClient("Maria Delgado", "+15125557001", "maria@mail.example"),
                "Austin", "TX", "78704",
                590_000, 610_000, None, team_id=team_id,
            )  # fmt: skip
            offers = [offer.id for offer in refer(session, new=new, window=Window(30), at=now()).offers]
            session.commit()
            return offers
