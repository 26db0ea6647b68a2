"""How large a request body may be, checked before any of it is parsed."""

from http import HTTPStatus

from flask import abort, request

LARGEST = 64 * 1024
"""Bytes, from a browser or the carrier."""
LARGEST_OF_SOFTWARE = 1024 * 1024
"""Bytes, from the network's own software or a mail server."""
OF_SOFTWARE = ("/api/", "/hooks/mail/")
MOST_FIELDS = 500
"""Of a form or a query; the carrier sends forty."""
ANSWERS_ITSELF = "api"
"""The blueprint that reports what is wrong with a body in its own format."""


def largest_body(path: str) -> int:
    """The largest body, in bytes, that this path accepts."""
    return LARGEST_OF_SOFTWARE if path.startswith(OF_SOFTWARE) else LARGEST


def refuse_what_is_too_large() -> None:
    """Answers 413 to a larger request, before anything else reads it."""
    request.max_content_length = largest_body(request.path)
    if request.blueprint == ANSWERS_ITSELF:
        return
    too_long = (request.content_length or 0) > request.max_content_length
    if too_long or request.query_string.count(b"&") >= MOST_FIELDS or _fields() > MOST_FIELDS:
        abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _fields() -> int:
    """How many fields a form has, without parsing them, which costs more the more there are."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return 0
    return request.get_data(cache=True).count(b"&") + 1
