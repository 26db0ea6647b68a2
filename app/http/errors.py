"""Error pages: plain, with a way on, and without a hint at what lies behind."""

from http import HTTPStatus

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_login import current_user
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, TooManyRequests

from app.core.database.locks import LOCK_WAIT_SECONDS, was_a_lock
from app.core.errors import LockTimeout, NotFound
from app.core.language import gettext as _
from app.core.language import mark
from app.extensions import db

log = structlog.get_logger()

MINUTE = 60
LINK_ARGUMENT = "token"
"""What the signed part of an address is called in every route that is opened by a link."""

PAGES: dict[int, tuple[str, str]] = {
    HTTPStatus.FORBIDDEN: (mark("Not allowed"), mark("You can't do that from here.")),
    HTTPStatus.NOT_FOUND: (mark("Nothing here"), mark("There is no page at this address.")),
    HTTPStatus.METHOD_NOT_ALLOWED: (mark("Nothing here"), mark("There is no page at this address.")),
    HTTPStatus.GONE: (mark("This link doesn't work any more."), mark("Ask for a new one by signing in.")),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (mark("Too large"), mark("That is more than this page takes.")),
    HTTPStatus.UNPROCESSABLE_ENTITY: (mark("That didn't work"), mark("Please go back and check what you typed.")),
    HTTPStatus.TOO_MANY_REQUESTS: (mark("One moment"), mark("That was a lot at once. Try again in a minute.")),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        mark("That didn't work"),
        mark("It is our fault, and we have been told. Nothing you did is lost."),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (mark("One moment"), mark("We are busy right now. Try again in a few seconds.")),
}

EXPLAINED = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.TOO_MANY_REQUESTS})
"""Errors whose page shows the description they were raised with."""


def register_error_pages(app: Flask) -> None:
    """Every error of a page becomes a page; the API and the hooks answer in their own way."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(NotFound, lambda _error: _page(HTTPStatus.NOT_FOUND))
    app.register_error_handler(LockTimeout, lambda _error: _busy())
    app.register_error_handler(OperationalError, _database_refused)


def _http_error(error: HTTPException) -> Response:
    if isinstance(error, InternalServerError):
        log.error("unhandled_error", exc_info=error.original_exception or error)
    if error.response is not None:
        return make_response(error.response)
    page = _page(error.code or HTTPStatus.INTERNAL_SERVER_ERROR, said=_said(error))
    if isinstance(error, TooManyRequests):
        page.headers["Retry-After"] = str(error.retry_after or MINUTE)
    if isinstance(error, MethodNotAllowed):
        page.allow.update(error.valid_methods or ())
    return page


def _nav() -> str | None:
    """The navigation of whoever is signed in; None for others, and while the database is away."""
    try:
        db.session.rollback()  # what failed may have left a broken transaction
        if not current_user.is_authenticated:
            return None
        return "admin/nav.html" if current_user.sees_desk and current_user.agent is None else "web/portal/nav.html"
    except (SQLAlchemyError, LockTimeout):
        return None


def _busy() -> Response:
    page = _page(HTTPStatus.SERVICE_UNAVAILABLE)
    page.headers["Retry-After"] = str(LOCK_WAIT_SECONDS)
    return page


def _database_refused(error: OperationalError) -> Response:
    """A lock that a statement waited for in vain is a moment's wait; anything else is our fault."""
    if was_a_lock(error):
        return _busy()
    raise error


def _is_link(status: int) -> bool:
    """A link that was altered, cut short or made up reads like one that has expired: no hint."""
    return (
        status == HTTPStatus.NOT_FOUND and request.url_rule is not None and LINK_ARGUMENT in request.url_rule.arguments
    )


def _said(error: HTTPException) -> str | None:
    """The description it was raised with, if there is one, in place of the usual words."""
    return error.description if error.description != type(error).description else None


def _page(status: int, said: str | None = None) -> Response:
    title, words = PAGES[HTTPStatus.GONE] if _is_link(status) else PAGES.get(status, PAGES[HTTPStatus.NOT_FOUND])
    title = _(title)
    words = said if said and status in EXPLAINED else _(words)
    if request.path.startswith("/api/"):
        response = jsonify(type="about:blank", title=title, status=status)
        response.content_type = "application/problem+json"
    else:
        response = make_response(render_template("error.html", title=title, words=words, status=status, nav=_nav()))
    response.status_code = status
    return response
