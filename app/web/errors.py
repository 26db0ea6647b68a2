"""Error pages: plain, with a way on, and without a hint at what lies behind."""

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from app.core.errors import LockTimeout, NotFound

log = structlog.get_logger()

NOT_FOUND = 404
LINK_ARGUMENT = "token"
"""What the signed part of an address is called in every route that is opened by a link."""

PAGES = {
    403: ("Not allowed", "You can't do that from here."),
    404: ("Nothing here", "There is no page at this address."),
    405: ("Nothing here", "There is no page at this address."),
    410: ("This link doesn't work any more.", "Ask for a new one by signing in."),
    413: ("Too large", "That is more than this page takes."),
    429: ("One moment", "That was a lot at once. Try again in a minute."),
    500: ("That didn't work", "It is our fault, and we have been told. Nothing you did is lost."),
    503: ("One moment", "We are busy right now. Try again in a few seconds."),
}


def register_error_pages(app: Flask) -> None:
    """Every error of a page becomes a page; the API and the hooks answer in their own way."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(NotFound, lambda _error: _page(404))
    app.register_error_handler(LockTimeout, lambda _error: _page(503))


def _http_error(error: HTTPException) -> Response:
    if isinstance(error, InternalServerError):
        log.error("unhandled_error", exc_info=error.original_exception or error)
    if error.response is not None:
        return make_response(error.response)
    page = _page(error.code or 500)
    if isinstance(error, MethodNotAllowed):
        page.allow.update(error.valid_methods or ())
    return page


def _is_link(status: int) -> bool:
    """A link that was altered, cut short or made up reads like one that has expired: no hint."""
    return status == NOT_FOUND and request.url_rule is not None and LINK_ARGUMENT in request.url_rule.arguments


def _page(status: int) -> Response:
    title, words = PAGES[410] if _is_link(status) else PAGES.get(status, PAGES[404])
    if request.path.startswith("/api/"):
        response = jsonify(type="about:blank", title=title, status=status)
        response.content_type = "application/problem+json"
    else:
        response = make_response(render_template("error.html", title=title, words=words, status=status))
    response.status_code = status
    return response
