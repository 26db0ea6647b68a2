"""Everything that can go wrong in a request, as a problem."""

import structlog
from flask import Response
from werkzeug.exceptions import HTTPException

from app.api import blueprint
from app.api.problems import problem
from app.core.errors import InvalidInput, LockTimeout, NotFound
from app.core.fields import invalid
from app.extensions import db

log = structlog.get_logger()

DETAILS = {
    400: "The body is not JSON.",
    401: "Give a valid key: Authorization: Bearer KEY.",
    404: "There is no such thing.",
    413: "The body is larger than this API takes.",
    415: "Send application/json.",
}
CHECK_FIELDS = "Some fields cannot be taken. Nothing was written."


@blueprint.errorhandler(HTTPException)
def http_error(error: HTTPException) -> Response:
    """What Flask, Werkzeug and the parser of bodies raise."""
    db.session.rollback()
    messages = getattr(error, "data", {}).get("messages", {})
    if "json" in messages and error.code == 422:  # noqa: PLR2004
        return problem(422, CHECK_FIELDS, *invalid(messages["json"]).errors)
    status = error.code or 500
    return problem(status, DETAILS.get(status, error.description or ""))


@blueprint.errorhandler(InvalidInput)
def invalid_input(error: InvalidInput) -> Response:
    """What only the database could know."""
    db.session.rollback()
    return problem(422, CHECK_FIELDS, *error.errors)


@blueprint.errorhandler(NotFound)
def not_found(_error: NotFound) -> Response:
    """No such object."""
    return problem(404, DETAILS[404])


@blueprint.errorhandler(LockTimeout)
def lock_timeout(_error: LockTimeout) -> Response:
    """Too much at once."""
    return problem(503, "Busy; try again.")


@blueprint.errorhandler(Exception)
def unexpected(error: Exception) -> Response:
    """Our fault."""
    log.error("api_error", exc_info=error)
    db.session.rollback()
    return problem(500, "It is our fault, and nothing was written.")
