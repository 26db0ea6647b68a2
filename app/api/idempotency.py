"""Idempotency-Key: the same request, sent again, gets the same answer and does nothing.

The answer is kept in the transaction that did the work, under an advisory lock, so that two requests with one
key at the same time are one after the other.
"""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Response, request
from sqlalchemy import func, select

from app.access.models import IdempotentAnswer
from app.api.guard import api_key_id
from app.api.problems import problem
from app.core.errors import FieldError
from app.core.queue.outbox import Outbox
from app.core.runtime import runtime
from app.extensions import db

HEADER = "Idempotency-Key"
LONGEST = 255


def creates(view: Callable[..., tuple[dict[str, Any], Outbox]]) -> Callable[..., Response]:
    """For a view that writes: commits what it did with the answer it gave, then enqueues."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return _created(*_do(view, args, kwargs, None))
        if not key or len(key) > LONGEST or not key.isascii() or not key.isprintable():
            return problem(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "The key cannot be taken.",
                FieldError(HEADER, "1 to 255 printable characters."),
            )
        kept = _locked(key)
        if kept is None:
            return _created(*_do(view, args, kwargs, key))
        if kept.request_hash not in (_fingerprint(), _fingerprint_to_the_letter()):
            wrong = FieldError(HEADER, "This key was used for another request.")
            return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The key was used before.", wrong)
        response = _created(kept.body, Outbox())
        response.headers["Idempotent-Replayed"] = "true"
        return response

    return answer


def _do(view: Callable[..., Any], args: Any, kwargs: Any, key: str | None) -> tuple[str, Outbox]:
    body, outbox = view(*args, **kwargs)
    text = json.dumps(body)
    if key is not None:
        kept = IdempotentAnswer(
            api_key_id=api_key_id(), key=key, request_hash=_fingerprint(), status=HTTPStatus.CREATED, body=text
        )
        db.session.add(kept)
    db.session.commit()
    return text, outbox


def _created(body: str, outbox: Outbox) -> Response:
    outbox.enqueue(runtime().queue)
    response = Response(body, status=HTTPStatus.CREATED, content_type="application/json")
    response.headers["Location"] = f"{request.path}/{json.loads(body)['id']}"
    return response


def _locked(key: str) -> IdempotentAnswer | None:
    name = f"{api_key_id()}:{key}"
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
    return db.session.get(IdempotentAnswer, (api_key_id(), key), populate_existing=True)


def _fingerprint() -> bytes:
    """Of what is asked: the same members in another order, or spaced otherwise, are the same request."""
    body = request.get_json(silent=True)
    if body is None:
        return _fingerprint_to_the_letter()
    return _hashed(json.dumps(body, sort_keys=True, separators=(",", ":")).encode())


def _fingerprint_to_the_letter() -> bytes:
    """As the release before kept it."""
    return _hashed(request.get_data())


def _hashed(body: bytes) -> bytes:
    return hashlib.sha256(request.method.encode() + request.path.encode() + b"\n" + body).digest()
