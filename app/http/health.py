"""Is the process up, and is everything behind it?"""

from functools import cache
from http import HTTPStatus
from ipaddress import ip_address
from typing import cast

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify, request
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import now
from app.core.heartbeat import SWEEPER, alive
from app.core.queue.queues import QueueName, queues_served
from app.core.runtime import runtime
from app.extensions import db

blueprint = Blueprint("health", __name__)

OK = "ok"


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process is up."""
    return jsonify(status=OK)


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Everything a claim needs is there; 503 says which part is not."""
    parts = states()
    ready = all(state == OK for state in parts.values())
    told = parts if _is_ours(request.remote_addr) else {}
    return jsonify(
        status=OK if ready else "not ready", **told
    ), HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE


def states() -> dict[str, str]:
    """Each part behind the process, and `ok` or what is wrong with it."""
    return {**database_state(), **_queue()}


def _is_ours(address: str | None) -> bool:
    """Whether whoever asks sits on this machine: strangers need not know which part is away."""
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def database_state() -> dict[str, str]:
    """Whether the database is there and suits this release, and whether the sweeper writes to it."""
    try:
        with db.engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_heads()
        sweeping = SWEEPER in alive(db.session(), now())
    except SQLAlchemyError:
        return {"database": "unreachable", "sweeper": "unknown"}
    return {
        "database": OK if _at_or_past_this_release(current) else "not migrated",
        "sweeper": OK if sweeping else "not running",
    }


def _at_or_past_this_release(current: tuple[str, ...]) -> bool:
    """A revision this release does not know is one of a newer release: migrations suit the running one too."""
    ours, known = _revisions(cast("str", current_app.extensions["migrate"].directory))
    return bool(current) and (ours <= set(current) or not set(current) <= known)


@cache
def _revisions(directory: str) -> tuple[frozenset[str], frozenset[str]]:
    """This release's newest migrations, and all it knows: read once, they are files."""
    scripts = ScriptDirectory(directory)
    return frozenset(scripts.get_heads()), frozenset(revision.revision for revision in scripts.walk_revisions())


def _queue() -> dict[str, str]:
    try:
        served = queues_served(runtime().settings.redis_url, now())
    except (RedisError, OSError):
        return {"redis": "unreachable", **{f"worker_{name}": "unknown" for name in QueueName}}
    workers = {f"worker_{name}": OK if name in served else "not running" for name in QueueName}
    return {"redis": OK, **workers}
