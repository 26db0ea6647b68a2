"""What each job needs around it: its name in the logs, an app context, and with it a session of its own."""

import time
from collections.abc import Callable
from functools import wraps
from uuid import UUID

import structlog
from flask import current_app

from app.core.ground import ground
from app.core.logs import begin_job
from app.core.queue import current_job_id
from app.flows.after import After

log = structlog.get_logger()


def job(work: Callable[[UUID], After | None]) -> Callable[[str, str | None], None]:
    """Makes a job of a function of one id; what it returns is put on the queue."""

    @wraps(work)
    def run(row_id: str, request: str | None = None) -> None:
        began = time.perf_counter()
        begin_job(work.__name__, row_id, request, current_job_id())
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        with app.app_context():
            after = work(UUID(row_id))
            if after is not None:
                after.enqueue(ground().queue)
        log.info("job", ms=round((time.perf_counter() - began) * 1000, 1))

    return run
