"""Posts webhooks, several at once, in the process that also sends messages.

A job starts hands and returns at once, so an endpoint that hangs holds up hands of this pool, and no message.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import structlog
from flask import Flask, current_app

from app.core.clock import now
from app.core.errors import ProviderError, Retryable
from app.core.logs import begin_job
from app.core.queue.jobs import Job
from app.core.queue.queues import current_job_id
from app.core.runtime import runtime
from app.extensions import db
from app.notifications.reach.tell import tell_admins
from app.webhooks.deliveries import Answer, anything_due, recover, settle, take
from app.webhooks.endpoints import secrets_of
from app.webhooks.envelope import envelope
from app.webhooks.models import Delivery
from app.webhooks.notices import WEBHOOK_DOWN
from app.workers.providers import endpoint_client

log = structlog.get_logger()

HANDS = 8
DICE = Random()
LATE = timedelta(seconds=10)
"""What has waited this long is sent by the sweeper: the queue must have lost the job."""


class Courier:
    """Sends with up to eight threads, each until nothing is due. One per process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._pool = ThreadPoolExecutor(HANDS, thread_name_prefix="webhooks")
        self._lock = threading.Lock()
        self._busy = 0
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Takes nothing more, because the process is about to end."""
        self._stopped.set()

    def start(self) -> None:
        """Starts one more thread, unless all are busy."""
        with self._lock:
            if self._busy == HANDS or self._stopped.is_set():
                return
            self._busy += 1
        self._pool.submit(self._work)

    def _work(self) -> None:
        try:
            while not self._stopped.is_set() and self._send_one():
                pass
        except Exception:  # a thread of the pool would swallow it; the row stays taken, and is recovered
            log.exception("webhook_failed")
        finally:
            with self._lock:
                self._busy -= 1

    def _send_one(self) -> bool:
        """Sends one delivery; returns whether there was one."""
        with self._app.app_context():
            session = db.session()
            delivery = take(session, at=now())
            session.expunge_all()  # what was read is read after the commit as well, without a connection
            session.commit()
            if delivery is None:
                return False
            self.start()
            send(delivery)
            return True


def send(delivery: Delivery) -> None:
    """Posts a delivery that was taken, and records the outcome."""
    began = time.perf_counter()
    answer = _post(delivery)
    session = db.session()
    if settle(session, delivery=delivery, answer=answer, at=now(), dice=DICE):
        outbox = tell_admins(session, kind=WEBHOOK_DOWN, at=now())
        session.commit()
        outbox.enqueue(runtime().queue)
    session.commit()
    log.info(
        "webhook",
        delivery_id=str(delivery.id),
        endpoint_id=str(delivery.endpoint_id),
        type=delivery.event.type,
        answer=answer.code,
        ms=round((time.perf_counter() - began) * 1000, 1),
    )


def _post(delivery: Delivery) -> Answer:
    at = now()
    secrets = secrets_of(delivery.endpoint, vault=runtime().vault, at=at)
    if not secrets:
        return Answer(delivered=False, code="secret lost")
    request = envelope(delivery.event, secrets=secrets, at=at)
    try:
        status = endpoint_client().post(delivery.endpoint.url, body=request.body, headers=request.headers)
    except ProviderError as error:
        return Answer(False, error.code, error.retry_after if isinstance(error, Retryable) else None)
    return Answer(True, str(status))


def courier() -> Courier:
    """The courier of this process; made once, since it keeps threads."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    made = app.extensions.get("courier")
    if not isinstance(made, Courier):
        made = app.extensions["courier"] = Courier(app)
    return made


def send_webhooks(request: str | None = None) -> None:
    """Starts sending what is due."""
    begin_job("send_webhooks", None, request, current_job_id())
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.app_context():
        runtime().queue.awake(Job.SEND_WEBHOOKS)
        courier().start()


def sweep_webhooks() -> None:
    """Wakes a worker for what is due, and sends what none has taken."""
    session = db.session()
    recover(session, at=now())
    session.commit()
    due = anything_due(session, at=now())
    late = due and anything_due(session, at=now() - LATE)
    session.rollback()
    if due:
        runtime().queue.wake(Job.SEND_WEBHOOKS)
    if late:
        courier().start()
