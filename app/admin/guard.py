"""Admins only. Others are asked to sign in; those signed in as somebody else learn nothing."""

from http import HTTPStatus

from flask import Response, abort, make_response, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.admin import blueprint


@blueprint.before_request
def admins_only() -> AnyResponse | None:
    """Redirects to sign-in, or 404."""
    if current_user.is_authenticated:
        return None if current_user.is_admin else abort(HTTPStatus.NOT_FOUND)
    target = url_for("web.sign_in", next=request.path)
    if request.htmx:  # type: ignore[attr-defined]
        return _leave_the_fragment(target)
    return redirect(target)


def _leave_the_fragment(target: str) -> Response:
    """A sign-in page has no place inside a fragment."""
    response = make_response("", HTTPStatus.OK)
    response.headers["HX-Redirect"] = target
    return response
