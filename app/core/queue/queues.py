"""The queue: ids on RQ, after the commit. The row is the outbox; the queue only makes it quick.

Redis may be away at any time. Then `enqueue` logs and returns, and the sweeper finds the row.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, get_current_job
from rq.worker import Worker

from app.core.logs import request_id
from app.core.queue.jobs import SERIALIZER, Job, KnownJob

log = structlog.get_logger()

CONNECT_SECONDS = 0.5
JOB_SECONDS = 60
WAKE_SECONDS = 5
"""Should the queue lose a job that waits, the next one is not kept out for longer."""
WORKER_STALE_AFTER = timedelta(seconds=30)


class QueueName(StrEnum):
    """Voice has a queue of its own: a call never waits behind messages."""

    VOICE = "voice"
    MESSAGES = "messages"


QUEUE_OF = {
    Job.PLACE_CALL: QueueName.VOICE,
    Job.END_CALL: QueueName.VOICE,
    Job.SERVE_TRANSFER: QueueName.VOICE,
    Job.DELIVER: QueueName.MESSAGES,
    Job.SEND_WEBHOOKS: QueueName.MESSAGES,
}


@lru_cache(maxsize=4)
def connection(redis_url: str) -> Redis:
    """One pooled connection per process and URL; each network call is bounded."""
    return Redis.from_url(redis_url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS * 4)


def worker_connection(redis_url: str) -> Redis:
    """A connection for a worker, which waits on it; RQ sets how long."""
    return Redis.from_url(redis_url, socket_connect_timeout=CONNECT_SECONDS)


def _queue(name: str, redis: Redis) -> Queue:
    return Queue(name, connection=redis, job_class=KnownJob, serializer=SERIALIZER)


def queues_served(redis_url: str, at: datetime) -> set[str]:
    """The queues that a living worker listens on. Raises redis.RedisError when Redis cannot be reached."""
    served: set[str] = set()
    for worker in Worker.all(connection=connection(redis_url)):
        beat = worker.last_heartbeat
        if beat is not None and at - beat.replace(tzinfo=UTC) < WORKER_STALE_AFTER:
            served.update(worker.queue_names())
    return served


def current_job_id() -> str | None:
    """The queue's id of the job that runs here, if one does."""
    job = get_current_job()
    return job.id if job is not None else None


class JobQueue:
    """Puts ids on queues."""

    def __init__(self, redis_url: str) -> None:
        self._redis_url = redis_url

    def wake(self, job: Job) -> None:
        """Sees to it that `job`, which needs no id, runs after this moment: one that waits already will do.

        Call it after the commit; never raises for Redis.
        """
        try:
            redis = connection(self._redis_url)
            if redis.set(f"dibs:waiting:{job.name}", "1", nx=True, ex=WAKE_SECONDS):
                _queue(QUEUE_OF[job], redis).enqueue_call(
                    job.value, args=(request_id(),), result_ttl=0, timeout=JOB_SECONDS
                )
        except (RedisError, OSError):
            log.warning("enqueue_failed", job=job.name, count=1)

    def awake(self, job: Job) -> None:
        """The job begins: what is asked for from now on needs another one."""
        try:
            connection(self._redis_url).delete(f"dibs:waiting:{job.name}")
        except (RedisError, OSError):
            log.warning("wake_not_cleared", job=job.name)

    def enqueue(self, job: Job, ids: Iterable[UUID]) -> None:
        """Puts `ids` on the job's queue. Call it after the commit; never raises for Redis."""
        wanted = list(ids)
        if not wanted:
            return
        try:
            queue = _queue(QUEUE_OF[job], connection(self._redis_url))
            if len(wanted) == 1:
                queue.enqueue_call(job.value, args=(str(wanted[0]), request_id()), result_ttl=0, timeout=JOB_SECONDS)
            else:
                queue.enqueue_many(
                    [
                        Queue.prepare_data(job.value, args=(str(id_), request_id()), result_ttl=0, timeout=JOB_SECONDS)
                        for id_ in wanted
                    ]
                )
        except (RedisError, OSError):
            log.warning("enqueue_failed", job=job.name, count=len(wanted))


def waiting_jobs(redis_url: str) -> dict[str, int]:
    """How many jobs wait on each queue; nothing while Redis is away."""
    try:
        return {name: _queue(name, connection(redis_url)).count for name in QueueName}
    except (RedisError, OSError):
        return {}
