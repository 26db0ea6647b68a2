"""The jobs that may be put on a queue. No others are run.

RQ imports any function named in Redis and unpickles its arguments by default, so anyone who can write to Redis could
run arbitrary code. Only the functions named here are run, with arguments in JSON.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from rq.job import Job as AnyJob
from rq.serializers import JSONSerializer

SERIALIZER = JSONSerializer


class Job(StrEnum):
    """What can be put on a queue: a function in app/workers that takes one id."""

    PLACE_CALL = "app.workers.calls.jobs.place_call"
    END_CALL = "app.workers.calls.jobs.end_call"
    SERVE_TRANSFER = "app.workers.calls.transfers.serve_transfer"
    DELIVER = "app.workers.messages.jobs.deliver"
    """Takes no id: it sends whatever is due."""
    SEND_WEBHOOKS = "app.workers.webhooks.send_webhooks"
    """The same for webhooks."""


NAMES = frozenset({*Job, "app.jobs.calls.place_call", "app.jobs.calls.end_call", "app.jobs.messages.deliver"})
"""Of this release and the one before."""


class UnknownJob(Exception):
    """The job names a function that is not ours. The job fails, and the worker carries on."""


class KnownJob(AnyJob):
    """A job that runs one of our functions, and no callbacks."""

    @property
    def func(self) -> Callable[..., Any]:
        if self.func_name not in NAMES:
            raise UnknownJob
        found: Callable[..., Any] = super().func
        return found

    @property
    def success_callback(self) -> None:
        return None

    @property
    def failure_callback(self) -> None:
        return None

    @property
    def stopped_callback(self) -> None:
        return None
