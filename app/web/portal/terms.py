"""The network's agreement: read and accepted by the agent in person, and kept with its date."""

from http import HTTPStatus
from uuid import UUID

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from app.core.clock import now
from app.core.database.ids import parse_id
from app.core.language import gettext as _
from app.core.urls import local_path
from app.extensions import db
from app.terms.service import accept, accepted_at, in_force
from app.web import blueprint
from app.web.portal.current_agent import current_agent


@blueprint.get("/terms")
@login_required
def terms() -> str:
    """The agreement as it stands, and whether they have accepted it."""
    return _page()


@blueprint.post("/terms")
@login_required
def accept_terms() -> AnyResponse:
    """Accepts it, and leads back to where they came from. One that has changed meanwhile is shown first."""
    terms_id = parse_id(request.form.get("terms", ""))
    if terms_id is None or not _accept(terms_id):
        problem = _("It has changed while you were reading. Please look at it again.")
        return make_response(_page(problem), HTTPStatus.CONFLICT)
    db.session.commit()
    return redirect(local_path(request.form.get("next")) or url_for("web.terms"), HTTPStatus.SEE_OTHER)


def needs_to_accept() -> bool:
    """Whether the agent who is signed in has an agreement to accept."""
    holds = in_force(db.session())
    if not holds.terms.agreement:
        return False
    return accepted_at(db.session(), agent_id=current_agent().id, agreement_number=holds.agreement_number) is None


def _accept(terms_id: UUID) -> bool:
    return accept(db.session(), agent_id=current_agent().id, terms_id=terms_id, at=now())


def _page(problem: str | None = None) -> str:
    session, agent = db.session(), current_agent()
    holds = in_force(session)
    if not holds.terms.agreement and not holds.terms.fee:
        abort(HTTPStatus.NOT_FOUND)
    at = accepted_at(session, agent_id=agent.id, agreement_number=holds.agreement_number)
    return render_template(
        "web/portal/terms.html",
        agent=agent,
        holds=holds,
        accepted_at=at,
        problem=problem,
        next_path=local_path(request.values.get("next")),
    )
