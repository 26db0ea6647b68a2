"""The API needs a key, and its bodies have to be JSON."""

from http import HTTPStatus
from uuid import UUID

from flask import Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.access.api_keys import find_api_key
from app.api import blueprint
from app.api.body import NotJson, parsed_body
from app.api.problems import problem
from app.core.actor import ACTOR, Actor, Via
from app.core.errors import FieldError
from app.extensions import db

SCHEME = "bearer "


@blueprint.before_request
def only_with_a_key() -> Response | None:
    """401 unless the request carries a key that stands."""
    header = request.headers.get("Authorization", "")
    known = find_api_key(db.session(), header[len(SCHEME) :].strip()) if header.lower().startswith(SCHEME) else None
    if known is None:
        return problem(HTTPStatus.UNAUTHORIZED, "Give a valid key: Authorization: Bearer KEY.")
    g.api_key_id = known.id
    ACTOR.set(Actor(Via.API, api_key_id=known.id))
    return None


@blueprint.before_request
def only_json() -> Response | None:
    """400, 413 or 415 for a body that is no JSON object."""
    if request.method not in ("POST", "PUT"):
        return None
    try:
        request.get_data(cache=True)
    except RequestEntityTooLarge:
        return _body_problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is larger than this API takes.")
    if not request.is_json:
        return _body_problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send application/json.")
    if not isinstance(_parsed(), dict):
        return _body_problem(HTTPStatus.BAD_REQUEST, "The body is not a JSON object.")
    return None


def _parsed() -> object:
    try:
        return parsed_body()
    except NotJson:
        return None


def _body_problem(status: int, detail: str) -> Response:
    return problem(status, detail, FieldError("body", detail))


def api_key_id() -> UUID:
    """The key of this request."""
    found = g.api_key_id
    assert isinstance(found, UUID)
    return found
