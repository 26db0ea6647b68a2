"""What each job needs around it: its name in the logs, an app context, and with it a session of its own."""

import time
from collections.abc import Callable
from functools import wraps
from uuid import UUID

import structlog
from flask import current_app

from app.core.logs import begin_job
from app.core.queue.outbox import Outbox
from app.core.queue.queues import current_job_id
from app.core.runtime import runtime

log = structlog.get_logger()


def job(work: Callable[[UUID], Outbox | None]) -> Callable[[str, str | None], None]:
    """Makes a job of a function of one id; what it returns is put on the queue."""

    @wraps(work)
    def run(row_id: str, request: str | None = None) -> None:
        began = time.perf_counter()
        begin_job(work.__name__, row_id, request, current_job_id())
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        with app.app_context():
            outbox = work(UUID(row_id))
            if outbox is not None:
                outbox.enqueue(runtime().queue)
        log.info("job", ms=round((time.perf_counter() - began) * 1000, 1))

    return run
