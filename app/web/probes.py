"""Is the process up, and is everything behind it?"""

from typing import cast

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Response, current_app, jsonify
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import now
from app.core.ground import ground
from app.core.heartbeat import SWEEPER, alive
from app.core.queue import QueueName, queues_served
from app.extensions import db
from app.web import blueprint

OK = "ok"


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process is up."""
    return jsonify(status=OK)


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Everything a claim needs is there; 503 says which part is not."""
    parts = {**_database(), **_queue()}
    ready = all(state == OK for state in parts.values())
    return jsonify(status=OK if ready else "not ready", **parts), 200 if ready else 503


def _database() -> dict[str, str]:
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
    scripts = ScriptDirectory(cast("str", current_app.extensions["migrate"].directory))
    ours = set(scripts.get_heads())
    known = {revision.revision for revision in scripts.walk_revisions()}
    return bool(current) and (ours <= set(current) or not set(current) <= known)


def _queue() -> dict[str, str]:
    try:
        served = queues_served(ground().settings.redis_url, now())
    except (RedisError, OSError):
        return {"redis": "unreachable", **{f"worker_{name}": "unknown" for name in QueueName}}
    workers = {f"worker_{name}": OK if name in served else "not running" for name in QueueName}
    return {"redis": OK, **workers}
