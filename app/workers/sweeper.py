"""The sweeper: brings back rows that waited too long, and moves what only time moves.

It needs nothing but Postgres: what the queue has lost it does itself, so that a call is placed even while Redis
is away. Any number may run; an advisory lock lets one sweep at a time.
"""

import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.calls.pin import forget_pins
from app.calls.unplaced import tell_unplaced
from app.calls.waiting import given_up, unserved
from app.claims.decline import settle_declines
from app.claims.expire import expire_offers
from app.claims.settled import Settled
from app.clients.gate import gate_of
from app.clients.wishes import unreadable
from app.core.clock import now
from app.core.errors import LockTimeout
from app.core.heartbeat import SWEEPER, beat
from app.core.logs import begin_job
from app.core.queue.jobs import Job
from app.core.runtime import runtime
from app.extensions import db
from app.history.offer_facts import count_facts
from app.inbound.opt_out import apply_deferred, deferred_texts
from app.notifications.taking import anything_due
from app.offers.service import Window, declining_due, expired
from app.routing.going_on import go_on
from app.routing.records import count_records
from app.workers import due
from app.workers.calls.jobs import end_call, place_call
from app.workers.calls.reconcile import reconcile
from app.workers.calls.recordings import fetch_recordings
from app.workers.calls.transfers import serve_transfer, waiting_transfers
from app.workers.messages.ask_after import ask_after_texts
from app.workers.messages.jobs import dispatcher
from app.workers.messages.recover import recover
from app.workers.providers import carrier
from app.workers.retention import age_out
from app.workers.webhooks import sweep_webhooks

log = structlog.get_logger()

TURN_SECONDS = 0.5
VOICE_WAITS = timedelta(seconds=1)
LEFT_WAITING = timedelta(seconds=1)
"""Queuing a message wakes a worker; what waits longer is a retry, or its hour has come, or it was forgotten."""
MESSAGES_WAIT = timedelta(seconds=10)
AGES_EVERY = timedelta(hours=6)
HANDS = 8
ADVISORY_LOCK = 7_205_759


class Sweeper:
    """One process; `stop()` ends it between two turns."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopped = threading.Event()
        self._hands = ThreadPoolExecutor(HANDS, thread_name_prefix="sweeper")
        self._busy: set[UUID] = set()
        self._busy_lock = threading.Lock()
        self._aged_at: datetime | None = None

    def stop(self, *_signal: object) -> None:
        """Ends after this turn."""
        self._stopped.set()

    def run(self) -> None:
        """Sweeps until stopped. Trouble is logged, and the next turn tries again."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        while not self._stopped.is_set():
            begin_job(SWEEPER, "", None)
            try:
                self.turn()
            except SQLAlchemyError as error:
                log.warning("sweep_failed", error=type(error).__name__)
            self._stopped.wait(TURN_SECONDS)
        self.finish()

    def finish(self) -> None:
        """Waits for what its turns have begun in the background."""
        self._hands.shutdown(wait=True)

    def turn(self) -> None:
        """One look at everything that may have waited too long."""
        with self._app.app_context():
            session = db.session()
            beat(session, SWEEPER, now())
            session.commit()
            # The lock lives on a connection of its own, so that the commits of a turn do not give it away.
            with db.engine.begin() as connection:
                if connection.scalar(text("SELECT pg_try_advisory_xact_lock(:id)"), {"id": ADVISORY_LOCK}):
                    self._sweep()

    def _sweep(self) -> None:
        session = db.session()
        self._give_up_calls()
        due.ring_first()
        due.place_bookings()
        due.follow_up_clients()
        due.act_for_desk()
        due.go_on_with_transfers()
        due.check_claims()
        due.end_pauses()
        self._do_each(place_call, unserved(session, at=now(), older_than=VOICE_WAITS))
        self._do_each(serve_transfer, waiting_transfers(session, since=now() - VOICE_WAITS))
        session.commit()
        self._apply_deferred()
        waiting = anything_due(session, at=now() - LEFT_WAITING)
        late = anything_due(session, at=now() - MESSAGES_WAIT)
        declined, over = declining_due(session, at=now()), expired(session, at=now())
        forget_pins(session)
        session.commit()
        for referral_id in declined:
            self._end_offers(settle_declines, referral_id)
        for referral_id in over:
            self._end_offers(expire_offers, referral_id)
        if waiting:  # retries, and what waited for the end of quiet hours
            runtime().queue.wake(Job.DELIVER)
        if late:
            self._in_background(self._deliver, DELIVERING)
        self._in_background(self._recover_messages, RECOVERING)
        self._in_background(self._ask_after_texts, ASKING)
        self._in_background(self._reconcile, RECONCILING)
        self._in_background(self._fetch_recordings, FETCHING)
        self._in_background(self._count_records, COUNTING)
        self._in_background(sweep_webhooks, WEBHOOKS)
        if self._aged_at is None or now() - self._aged_at > AGES_EVERY:
            self._aged_at = now()
            self._in_background(self._age_out, AGING)

    def _give_up_calls(self) -> None:
        session = db.session()
        calls = given_up(session, at=now())
        for call_id in calls:
            log.warning("call_unserved", call_id=str(call_id))
        outbox = tell_unplaced(session, call_ids=calls, at=now())
        session.commit()
        outbox.enqueue(runtime().queue)

    def _apply_deferred(self) -> None:
        session = db.session()
        for text_id in deferred_texts(session):
            try:
                outbox = apply_deferred(session, text_id=text_id, keys=gate_of(runtime().settings).keys)
            except LockTimeout:  # the next turn; the others go on
                continue
            session.commit()
            outbox.enqueue(runtime().queue)

    def _end_offers(self, end: Callable[..., Settled], referral_id: UUID) -> None:
        session, window = db.session(), Window(runtime().settings.offer_minutes)
        try:
            settled = end(session, referral_id=referral_id, at=now())
            outbox = settled.outbox
            if settled.left_alone is not None:
                outbox += go_on(session, referral=settled.left_alone, window=window, at=now())
            session.commit()
        except (LockTimeout, SQLAlchemyError) as error:  # the next turn; the other referrals go on
            session.rollback()
            if not isinstance(error, LockTimeout):
                log.warning("offers_not_ended", referral_id=str(referral_id), error=type(error).__name__)
            return
        outbox.enqueue(runtime().queue)

    def _deliver(self) -> None:
        dispatcher().run()

    def _recover_messages(self) -> None:
        recover(db.session(), at=now(), carrier=carrier())

    def _ask_after_texts(self) -> None:
        ask_after_texts(db.session(), at=now(), carrier=carrier())

    def _reconcile(self) -> None:
        session = db.session()
        settings = runtime().settings
        outbox = reconcile(
            session, carrier=carrier(), at=now(), ring_seconds=settings.ring_seconds, shortest=settings.talk_seconds
        )
        self._do_each(end_call, list(outbox.calls_to_end))
        self._do_each(place_call, list(outbox.calls_to_place))

    def _fetch_recordings(self) -> None:
        fetch_recordings(db.session(), carrier=carrier(), at=now())

    def _count_records(self) -> None:
        count_records(db.session(), at=now())
        db.session.commit()
        count_facts(db.session(), at=now())
        db.session.commit()

    def _age_out(self) -> None:
        gone = age_out(db.session(), at=now())
        if gone:
            log.info("aged_out", **gone)
        lost = unreadable(db.session(), keys=gate_of(runtime().settings).keys)
        db.session.commit()
        if lost:
            log.error("wishes_unreadable", count=lost)

    def _do_each(self, work: Callable[[str, str | None], None], ids: list[UUID]) -> None:
        """Does the job of each row in a thread, unless one of ours is at it already."""
        for row_id in ids:
            self._in_background(lambda row_id=row_id: work(str(row_id), None), row_id)  # type: ignore[misc]

    def _in_background(self, work: Callable[[], None], key: UUID) -> None:
        with self._busy_lock:
            if key in self._busy:
                return
            self._busy.add(key)

        def run() -> None:
            try:
                with self._app.app_context():
                    work()
            except Exception:  # a thread of the pool would swallow it
                log.exception("sweep_job_failed")
            finally:
                with self._busy_lock:
                    self._busy.discard(key)

        self._hands.submit(run)


RECOVERING, RECONCILING, DELIVERING, ASKING, AGING, FETCHING, COUNTING, WEBHOOKS = (UUID(int=n) for n in range(1, 9))
"""What stands for the rounds among the rows being worked on: each runs once at a time."""
