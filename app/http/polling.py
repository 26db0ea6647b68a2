"""Parts of a page that browsers ask for again and again."""

import hashlib
from http import HTTPStatus

from flask import Response, make_response, request

TAG = "HX-PTag"


def polled(part: str) -> Response:
    """A part of the page; 304 while it reads the same as what the browser has."""
    tag = hashlib.sha256(part.encode()).hexdigest()[:16]
    response = Response(status=HTTPStatus.NOT_MODIFIED) if request.headers.get(TAG) == tag else make_response(part)
    response.headers[TAG] = tag
    return response
