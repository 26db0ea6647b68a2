"""Who runs the network and who looks on; and how each of them signs in."""

from http import HTTPStatus
from uuid import UUID

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from marshmallow import Schema, validate
from marshmallow.fields import String
from sqlalchemy import func, select
from werkzeug.wrappers import Response as AnyResponse

from app.access.models import Authenticator, Passkey, SignedIn
from app.access.passkeys import passkeys_of
from app.access.request import request_sign_in
from app.access.second_factor import authenticator_of, recovery_codes_left
from app.admin import blueprint
from app.core.clock import now
from app.core.errors import FieldError, InvalidInput
from app.core.fields import email_field
from app.core.runtime import runtime
from app.extensions import db
from app.http.forms import Form, load
from app.people.accounts import add_admin, add_viewer, people_at_desk, remove_admin
from app.people.models import Account

ADMIN, VIEWER = "admin", "viewer"
ROLES = {ADMIN: "Admin", VIEWER: "Viewer"}


class PersonSchema(Schema):
    """Somebody who is to work at the desk."""

    email = email_field()
    role = String(required=True, validate=validate.OneOf(ROLES, error="Choose admin or viewer."))


@blueprint.get("/network/people")
def people() -> str:
    """Admins and viewers, and this reader's own second factor."""
    return _page(Form({"role": ADMIN}))


@blueprint.post("/network/people")
def add_person() -> AnyResponse:
    """Adds somebody, or changes their role, and mails them a link to sign in."""
    form, session = Form(request.form.to_dict()), db.session()
    try:
        wanted = load(PersonSchema(), form.values)
        if wanted["email"].lower() == current_user.email.lower():
            raise InvalidInput(FieldError("email", "You cannot change your own role."))
    except InvalidInput as error:
        return make_response(_page(form.refused(error)), HTTPStatus.UNPROCESSABLE_ENTITY)
    add = add_admin if wanted["role"] == ADMIN else add_viewer
    add(session, email=wanted["email"])
    asked = request_sign_in(session, email=wanted["email"], next_path=url_for("admin.referrals"), at=now())
    session.commit()
    asked.outbox.enqueue(runtime().queue)
    return redirect(url_for("admin.people"), HTTPStatus.SEE_OTHER)


@blueprint.post("/network/people/<uuid:account_id>/remove")
def remove_person(account_id: UUID) -> AnyResponse:
    """They work at the desk no more, and are signed out. Nobody removes themselves: somebody has to be left."""
    account = db.session.get(Account, account_id)
    if account is None or not account.sees_desk:
        abort(HTTPStatus.NOT_FOUND)
    if account.id == current_user.id:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY, "You cannot remove yourself.")
    remove_admin(db.session(), email=account.email)
    db.session.commit()
    return redirect(url_for("admin.people"), HTTPStatus.SEE_OTHER)


def _page(form: Form) -> str:
    session = db.session()
    found = people_at_desk(session)
    ids = [one.id for one in found]
    seen = select(SignedIn.account_id, func.max(SignedIn.created_at)).where(SignedIn.account_id.in_(ids))
    apps = select(Authenticator.account_id).where(Authenticator.account_id.in_(ids))
    keys = select(Passkey.account_id).where(Passkey.account_id.in_(ids))
    return render_template(
        "admin/people.html",
        form=form,
        roles=ROLES,
        people=found,
        seen=dict(session.execute(seen.group_by(SignedIn.account_id)).all()),
        proven=set(session.scalars(apps.union(keys))),
        me=current_user,
        authenticator=authenticator_of(session, account=current_user),
        passkeys=passkeys_of(session, account=current_user),
        codes_left=recovery_codes_left(session, account=current_user),
    )
