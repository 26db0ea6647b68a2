"""Terms before the claim, on the desk: what is asked of agents, version by version, and how many have accepted it."""

from http import HTTPStatus

from flask import make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.admin import blueprint
from app.core.clock import now
from app.core.errors import InvalidInput
from app.extensions import db
from app.http.forms import Form, load
from app.terms.rules import Terms
from app.terms.schemas import TermsSchema, fee_typed, terms_loaded
from app.terms.service import how_many_accepted, in_force, keep, versions

SHOWN = 20


@blueprint.get("/terms")
def terms() -> str:
    """The terms in force, and the versions before."""
    return _page(_shown(in_force(db.session()).terms))


@blueprint.post("/terms")
def set_terms() -> AnyResponse:
    """Saves a new version. Agents accept again only if the agreement or the fee has changed."""
    values = request.form.to_dict()
    try:
        new = terms_loaded(load(TermsSchema(), values))
    except InvalidInput as error:
        return make_response(_page(Form(values).refused(error)), HTTPStatus.UNPROCESSABLE_ENTITY)
    keep(db.session(), terms=new, account_id=current_user.id, at=now())
    db.session.commit()
    return redirect(url_for("admin.terms"), HTTPStatus.SEE_OTHER)


def _shown(terms: Terms) -> Form:
    return Form(
        {
            "agreement": terms.agreement,
            "fee": fee_typed(terms.fee),
            "needs_brokerage": "yes" if terms.needs_brokerage else "no",
            "needs_licence": "yes" if terms.needs_licence else "no",
        }
    )


def _page(form: Form) -> str:
    session = db.session()
    holds = in_force(session)
    return render_template(
        "admin/terms.html",
        form=form,
        holds=holds,
        accepted=how_many_accepted(session, agreement_number=holds.agreement_number),
        versions=versions(session, SHOWN),
    )
