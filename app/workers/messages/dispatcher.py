"""Many messages on their way at once: a provider takes a tenth of a second or more, and most of that is waiting.

The thread that runs the job takes rows, as many as there are hands free, and words them; the hands each talk to a
provider and write down what happened. A hand that is stuck is let go by its provider's time-out, and holds up only
its own channel.
"""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import now
from app.core.errors import LockTimeout
from app.extensions import db
from app.notifications.channels.rules import Channel
from app.notifications.delivery.prepare import Outgoing
from app.notifications.delivery.request import Letterhead
from app.notifications.taking import anything_due
from app.workers.messages.send import Outcome, Providers, SendRate, hand_over, note, take

log = structlog.get_logger()

HANDS = {Channel.EMAIL: 16, Channel.SMS: 24, Channel.PUSH: 24, Channel.VOICE: 4}
"""How many of each channel may be on their way at once, in one process."""
MOST_AT_ONCE = 12
"""Rows of one channel taken in one go: more, and the last would wait for the words of all the others."""
FEW = 12
"""With fewer on their way, more is taken at once; with more, a little is waited, and many are taken in one go."""
LOOK_AGAIN_SECONDS = 0.05
"""What is queued meanwhile, and texts whose turn comes, are found this soon."""
WRITES = 4
WRITE_AGAIN_SECONDS = 1.0
LONGEST_RUN_SECONDS = 20.0
"""Then another job goes on, well before the queue would think that this one is stuck."""


@dataclass(frozen=True)
class Run:
    """What a run did. Not `finished`: there is more, and another job should go on."""

    taken: int
    finished: bool


class Dispatcher:
    """One per process; `run()` is called by one thread at a time. Hands go on between two runs."""

    def __init__(self, app: Flask, letterhead: Letterhead, providers: Providers, send_rate: SendRate) -> None:
        self._app, self._letterhead, self._providers, self._send_rate = app, letterhead, providers, send_rate
        self._hands = ThreadPoolExecutor(sum(HANDS.values()), thread_name_prefix="messages")
        self._busy: Counter[Channel] = Counter()
        self._freed = threading.Condition()
        self._running = threading.Lock()
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Takes nothing more: the process is to end. What is on its way is finished."""
        self._stopped.set()

    def run(self) -> Run:
        """Sends what is due until nothing is, and all of it has been written down; or until its time is over.

        Hands that are kept waiting by a provider then are left to it: the next run takes what the others can send.
        """
        with self._running:
            return self._dispatch()

    def _dispatch(self) -> Run:
        stop_at, taken = time.monotonic() + LONGEST_RUN_SECONDS, 0
        while time.monotonic() < stop_at and not self._stopped.is_set():
            ready = self._take()
            for outgoing in ready:
                self._start(outgoing)
            taken += len(ready)
            if ready:
                self._wait_for_few()
            elif self._something_to_come():
                self._wait_for_one()
            else:
                return Run(taken, finished=True)
        return Run(taken, finished=False)

    def _take(self) -> list[Outgoing]:
        room = self._room()
        if not any(room.values()):
            return []
        session = db.session()
        try:
            return take(session, room=room, send_rate=self._send_rate, letterhead=self._letterhead, at=now())
        finally:
            session.rollback()  # whatever went wrong, the next round begins clean

    def _room(self) -> dict[Channel, int]:
        with self._freed:
            return {channel: min(hands - self._busy[channel], MOST_AT_ONCE) for channel, hands in HANDS.items()}

    def _start(self, outgoing: Outgoing) -> None:
        with self._freed:
            self._busy[outgoing.channel] += 1
        self._hands.submit(copy_context().run, self._send, outgoing)  # the log names the job and its request

    def _send(self, outgoing: Outgoing) -> None:
        began = time.perf_counter()
        try:
            outcome = hand_over(outgoing, self._providers, at=now())
            if outcome is not None:
                self._write(outgoing, outcome)
            ms = round((time.perf_counter() - began) * 1000, 1)
            log.info(
                "message", notification_id=str(outgoing.id), channel=outgoing.channel, kind=outgoing.kind.name, ms=ms
            )
        except Exception:  # a thread of the pool would swallow it; the row stays taken, and is recovered
            log.exception("message_job_failed", notification_id=str(outgoing.id))
        finally:
            with self._freed:
                self._busy[outgoing.channel] -= 1
                self._freed.notify_all()

    def _write(self, outgoing: Outgoing, outcome: Outcome) -> None:
        """Writes what happened; tried again where the database was away, or what was sent would be sent twice."""
        for tries_left in reversed(range(WRITES)):
            try:
                with self._app.app_context():
                    session = db.session()
                    note(session, outgoing=outgoing, outcome=outcome, at=now())
                    session.commit()
                    return
            except (SQLAlchemyError, LockTimeout):
                if not tries_left:
                    raise
                time.sleep(WRITE_AGAIN_SECONDS)

    def _something_to_come(self) -> bool:
        """Hands still busy, or rows that are due and had to wait: for a free hand, or for the provider's rate."""
        with self._freed:
            if self._busy.total():
                return True
        session = db.session()
        due = anything_due(session, at=now())
        session.rollback()
        return due

    def _wait_for_few(self) -> None:
        with self._freed:
            self._freed.wait_for(lambda: self._busy.total() < FEW, LOOK_AGAIN_SECONDS)

    def _wait_for_one(self) -> None:
        with self._freed:
            self._freed.wait(LOOK_AGAIN_SECONDS)
