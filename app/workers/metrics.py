"""`python worker.py metrics`: serves metrics to Prometheus, on a port of its own.

Request times come from the web processes' files (app/core/metrics.py). Everything else is read from the database, so no
process has to count: what became of the calls and messages of the last ten minutes, what is waiting, and for how long.
Each query reads a range of ids or an index of what is due.
"""

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import structlog
from flask import Flask
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import now
from app.core.database.ids import first_id
from app.core.queue.queues import waiting_jobs
from app.core.runtime import runtime
from app.extensions import db

log = structlog.get_logger()

NAME = "metrics"
LATELY = timedelta(minutes=10)
FOLDER = "PROMETHEUS_MULTIPROC_DIR"


@dataclass(frozen=True)
class Question:
    """A gauge, its labels, and a query for the labels and the value, in this order."""

    gauge: str
    words: str
    labels: tuple[str, ...]
    query: str


QUESTIONS = (
    Question(
        "dibs_claims_lately",
        "Claims of the last ten minutes.",
        ("via",),
        "SELECT via, count(*) FROM claim WHERE id >= :since GROUP BY 1",
    ),
    Question(
        "dibs_calls_lately",
        "Calls begun in the last ten minutes, by what became of them.",
        ("status", "reason"),
        "SELECT status, coalesce(reason, ''), count(*) FROM call WHERE id >= :since GROUP BY 1, 2",
    ),
    Question(
        "dibs_messages_lately",
        "Messages queued in the last ten minutes, by what became of them.",
        ("channel", "status"),
        "SELECT channel, status, count(*) FROM notification WHERE id >= :since GROUP BY 1, 2",
    ),
    Question(
        "dibs_message_errors_lately",
        "Of these, the ones a provider refused or could not deliver, by its code.",
        ("channel", "code"),
        "SELECT channel, error_code, count(*) FROM notification"
        " WHERE id >= :since AND error_code IS NOT NULL AND status <> 'dropped' GROUP BY 1, 2",
    ),
    Question(
        "dibs_messages_waiting",
        "Messages that are due.",
        ("channel",),
        "SELECT channel, count(*) FROM notification WHERE status = 'queued' AND due_at <= now() GROUP BY 1",
    ),
    Question(
        "dibs_messages_waiting_seconds",
        "How long the oldest of them has been due.",
        ("channel",),
        "SELECT channel, extract(epoch FROM now() - min(due_at)) FROM notification"
        " WHERE status = 'queued' AND due_at <= now() GROUP BY 1",
    ),
    Question(
        "dibs_calls_waiting_seconds",
        "How long the oldest requested call has been waiting to be placed; 0 if none is.",
        (),
        "SELECT coalesce(extract(epoch FROM now() - min(requested_at)), 0) FROM call"
        " WHERE status = 'requested' AND ended_at IS NULL",
    ),
    Question(
        "dibs_webhooks_waiting_seconds",
        "How long the oldest webhook has been due, of endpoints that are on; 0 if none is.",
        (),
        "SELECT coalesce(extract(epoch FROM now() - min(due_at)), 0) FROM webhook_delivery JOIN webhook_endpoint"
        " ON webhook_endpoint.id = endpoint_id AND off_at IS NULL AND removed_at IS NULL"
        " WHERE status = 'queued' AND due_at <= now()",
    ),
    Question(
        "dibs_heartbeat_age_seconds",
        "Time since the last sign of life of a process.",
        ("process",),
        "SELECT name, extract(epoch FROM now() - at) FROM heartbeat",
    ),
)


class Rows(Collector):
    """Queries the database and the queue on each scrape."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with self._app.app_context():
            yield from self._database()
            yield from self._queue()

    def _database(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("dibs_database_up", "Whether the database answers.", value=1)
        found = []
        try:
            with db.engine.connect() as connection:
                since = {"since": first_id(now() - LATELY)}
                for question in QUESTIONS:
                    gauge = GaugeMetricFamily(question.gauge, question.words, labels=question.labels)
                    for *labels, value in connection.execute(text(question.query), since):
                        gauge.add_metric([str(label) for label in labels], float(value))
                    found.append(gauge)
        except SQLAlchemyError as error:
            log.warning("metrics_without_database", error=type(error).__name__)
            up = GaugeMetricFamily("dibs_database_up", "Whether the database answers.", value=0)
        yield up
        yield from found

    def _queue(self) -> Iterator[GaugeMetricFamily]:
        jobs = GaugeMetricFamily("dibs_jobs_waiting", "Jobs on a queue. Missing while Redis is away.", labels=["queue"])
        for queue, count in waiting_jobs(runtime().settings.redis_url).items():
            jobs.add_metric([queue], count)
        yield jobs


def serve(app: Flask) -> None:
    """Serves on METRICS_HOST and METRICS_PORT until told to stop."""
    stopped = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stopped.set())
    registry = CollectorRegistry()
    if FOLDER in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(Rows(app))
    host, port = os.environ.get("METRICS_HOST", "127.0.0.1"), int(os.environ["METRICS_PORT"])
    server, _thread = start_http_server(port, host, registry)
    stopped.wait()
    server.shutdown()
    server.server_close()
