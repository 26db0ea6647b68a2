"""JSON logs: a static event name and fields. Never a token, a PIN, a phone number or a client's name."""

import logging
import sys
from typing import cast

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from app.core.database.ids import new_id

CHATTY = ("twilio.http_client", "urllib3", "rq.worker", "rq.scheduler", "alembic")
MUTE = ("flufl.bounce",)
"""Writes a traceback for each mail that it cannot read, which anybody can send."""


def configure_logs(level: str = "INFO") -> None:
    """Sends structlog's and the standard library's records to stdout, one JSON object a line."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in CHATTY:  # their records carry URLs and numbers
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in MUTE:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def begin_request(incoming: str | None = None) -> str:
    """Gives this request an id, or takes the proxy's when it looks like one."""
    clear_contextvars()
    usable = incoming is not None and incoming.isascii() and incoming.replace("-", "").isalnum()
    rid = incoming if incoming and usable and len(incoming) <= 64 else str(new_id())  # noqa: PLR2004
    bind_contextvars(request_id=rid)
    return rid


def begin_job(job: str, row_id: str | None, request: str | None, job_id: str | None = None) -> None:
    """Names the job, its row if it has one, and the request that asked for it, in each record until the next job.

    `job_id` is the queue's; what the sweeper does itself has none."""
    clear_contextvars()
    bind_contextvars(job=job, job_id=job_id, row_id=row_id, request_id=request)


def request_id() -> str | None:
    """The id of the request or job being served, if any."""
    return cast("str | None", get_contextvars().get("request_id"))
