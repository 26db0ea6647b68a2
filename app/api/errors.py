"""Everything that can go wrong in a request, as a problem."""

from http import HTTPStatus

import structlog
from flask import Response
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.api import blueprint
from app.api.problems import problem
from app.core.database.locks import LOCK_WAIT_SECONDS, was_a_lock
from app.core.errors import InvalidInput, LockTimeout, NotFound
from app.core.fields import invalid
from app.extensions import db

log = structlog.get_logger()

DETAILS: dict[int, str] = {
    HTTPStatus.BAD_REQUEST: "The body is not JSON.",
    HTTPStatus.UNAUTHORIZED: "Give a valid key: Authorization: Bearer KEY.",
    HTTPStatus.NOT_FOUND: "There is no such thing.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than this API takes.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Send application/json.",
}
CHECK_FIELDS = "Some fields cannot be taken. Nothing was written."


@blueprint.errorhandler(HTTPException)
def http_error(error: HTTPException) -> Response:
    """What Flask, Werkzeug and the parser of bodies raise."""
    db.session.rollback()
    messages = getattr(error, "data", {}).get("messages", {})
    if "json" in messages and error.code == HTTPStatus.UNPROCESSABLE_ENTITY:
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, CHECK_FIELDS, *invalid(messages["json"]).errors)
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    return problem(status, DETAILS.get(status, error.description or ""))


@blueprint.errorhandler(InvalidInput)
def invalid_input(error: InvalidInput) -> Response:
    """What only the database could know."""
    db.session.rollback()
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, CHECK_FIELDS, *error.errors)


@blueprint.errorhandler(NotFound)
def not_found(_error: NotFound) -> Response:
    """No such object."""
    return problem(HTTPStatus.NOT_FOUND, DETAILS[HTTPStatus.NOT_FOUND])


@blueprint.errorhandler(LockTimeout)
def lock_timeout(_error: LockTimeout) -> Response:
    """Too much at once."""
    response = problem(HTTPStatus.SERVICE_UNAVAILABLE, "Busy; try again.")
    response.headers["Retry-After"] = str(LOCK_WAIT_SECONDS)
    return response


@blueprint.errorhandler(OperationalError)
def database_refused(error: OperationalError) -> Response:
    """A lock of any kind counts, also one that an insert or a key waits for."""
    db.session.rollback()
    answer: Response = lock_timeout(LockTimeout()) if was_a_lock(error) else unexpected(error)
    return answer


@blueprint.errorhandler(Exception)
def unexpected(error: Exception) -> Response:
    """Our fault."""
    log.error("api_error", exc_info=error)
    db.session.rollback()
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "It is our fault, and nothing was written.")
