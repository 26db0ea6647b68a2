"""The processes that serve no pages: `python worker.py voice | messages | sweeper | metrics`.

Voice and messages run RQ's SimpleWorker: a fork per job costs more than the whole job (docs/decisions/worker.md).
"""

import os
import random
import sys
import time

import structlog
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import SimpleWorker, worker_registration

from app import create_app
from app.config import SettingsError
from app.core.database.connections import set_clock
from app.core.heartbeat import SWEEPER
from app.core.queue.jobs import SERIALIZER, KnownJob
from app.core.queue.queues import QueueName, worker_connection
from app.core.runtime import runtime
from app.workers import metrics
from app.workers.messages.jobs import dispatcher
from app.workers.sweeper import Sweeper
from app.workers.webhooks import courier

log = structlog.get_logger()

WORKER_TTL_SECONDS = 20
REDIS_AWAY_SECONDS = 0.5
MAINTENANCE_SECONDS = 30
JOBS_IN_A_LIFE = 2000
"""What a job leaves behind in its process ends with it (docs/decisions/delivery.md)."""
STANDS_BACK = 5
"""Niceness of what sends messages: where the machine is out of breath, a tap on "Call me" goes first."""
USAGE = "usage: python worker.py voice | messages | sweeper | metrics"


def main(name: str) -> int:
    """Runs one process until it is told to stop; returns its exit status."""
    if name not in {SWEEPER, metrics.NAME, *QueueName}:
        print(USAGE, file=sys.stderr)
        return 2
    if name == QueueName.MESSAGES:
        os.nice(STANDS_BACK)
    app = create_app()
    set_clock(app)
    if name == SWEEPER:
        Sweeper(app).run()
        return 0
    if name == metrics.NAME:
        metrics.serve(app)
        return 0
    with app.app_context():
        while True:
            try:
                _worker(name).work(logging_level="WARNING", max_jobs=_most_jobs())
                return 0  # told to stop, or has done its share: whoever keeps us up starts another
            except RedisError:  # RQ waits for a Redis that goes while it waits for work, not for one that goes in a job
                log.warning("redis_lost", queue=name)
                time.sleep(REDIS_AWAY_SECONDS)


class QueueWorker(SimpleWorker):
    """RQ's, and soon back when Redis is."""

    max_connection_wait_time = 2.0

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Says that this worker is alive, and again who it is, if Redis has lost everything since it said so."""
        super().heartbeat(timeout, pipeline)
        if pipeline is None and not self.connection.hexists(self.key, "birth"):
            self.connection.hset(self.key, mapping=self.serialize())
            worker_registration.register(self)

    def handle_warm_shutdown_request(self) -> None:
        """A job that sends messages goes on as long as there are any: it is told to come to an end."""
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]
        dispatcher().stop()
        courier().stop()


def _most_jobs() -> int:
    """Not the same for all, or all would be away at once."""
    return random.randint(JOBS_IN_A_LIFE, JOBS_IN_A_LIFE * 3 // 2)


def _worker(queue: str) -> SimpleWorker:
    connection = worker_connection(runtime().settings.redis_url)
    return QueueWorker(
        [queue],
        connection=connection,
        job_class=KnownJob,
        serializer=SERIALIZER,
        worker_ttl=WORKER_TTL_SECONDS,
        maintenance_interval=MAINTENANCE_SECONDS,
    )


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
    except SettingsError as error:
        sys.exit("Dibs cannot start, its settings need attention:\n" + "\n".join(f"  {p}" for p in error.problems))
