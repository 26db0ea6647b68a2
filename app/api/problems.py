"""Errors as RFC 9457 problem details, with one entry per wrong field."""

from http import HTTPStatus

from flask import Response, jsonify

from app.core.errors import FieldError

PROBLEM = "application/problem+json"


def problem(status: int, detail: str, *errors: FieldError) -> Response:
    """A problem answer."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = [{"field": error.field, "message": error.message} for error in errors]
    response = jsonify(body)
    response.status_code = status
    response.content_type = PROBLEM
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
