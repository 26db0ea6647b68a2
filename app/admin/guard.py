"""Admins only. Whoever is not signed in is asked to; whoever is no admin learns nothing."""

from flask import Response, abort, make_response, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.admin import blueprint

FORBIDDEN_AS_MISSING = 404


@blueprint.before_request
def admins_only() -> AnyResponse | None:
    """Redirects to sign-in, or 404."""
    if current_user.is_authenticated:
        return None if current_user.is_admin else abort(FORBIDDEN_AS_MISSING)
    target = url_for("web.sign_in", next=request.path)
    if request.htmx:  # type: ignore[attr-defined]
        return _leave_the_fragment(target)
    return redirect(target)


def _leave_the_fragment(target: str) -> Response:
    """A sign-in page has no place inside a fragment."""
    response = make_response("", 200)
    response.headers["HX-Redirect"] = target
    return response
