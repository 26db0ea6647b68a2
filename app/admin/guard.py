"""Who gets to the desk: admins, and viewers who may look. Others are asked to sign in, or learn nothing."""

from http import HTTPStatus

from flask import Response, abort, make_response, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access.second_factor import has_second_factor
from app.admin import blueprint
from app.core.runtime import runtime
from app.extensions import db

BEFORE_THE_PROOF = frozenset({"admin.second_factor", "admin.give_second_factor", "admin.set_up_authenticator"})
"""What can be reached with the mailed link alone."""
READS = frozenset({"GET", "HEAD", "OPTIONS"})


@blueprint.before_request
def only_at_the_desk() -> AnyResponse | None:
    """Redirects to sign-in or to the second factor; 404 for agents, 403 for a viewer who would change something."""
    if not current_user.is_authenticated:
        return _leave_for(url_for("web.sign_in", next=request.path))
    if not current_user.sees_desk:
        abort(HTTPStatus.NOT_FOUND)
    if request.endpoint in BEFORE_THE_PROOF:
        return None
    if needs_second_factor():
        return _leave_for(url_for("admin.second_factor", next=request.path))
    if current_user.is_viewer and request.method not in READS:
        abort(HTTPStatus.FORBIDDEN, "You can look at the desk, but not change anything.")
    return None


def needs_second_factor() -> bool:
    """Whether this session has yet to give one: the network asks everybody for it, or this account has one."""
    if current_user.is_proven:
        return False
    return runtime().settings.admins_second_factor or has_second_factor(db.session(), account=current_user)


@blueprint.context_processor
def who_is_here() -> dict[str, bool]:
    """For templates: whether this reader may change anything on the desk."""
    return {"may_change": bool(current_user.is_authenticated and current_user.is_admin)}


def _leave_for(target: str) -> AnyResponse:
    """A sign-in page has no place inside a fragment."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(target)
    response: Response = make_response("", HTTPStatus.OK)
    response.headers["HX-Redirect"] = target
    return response
