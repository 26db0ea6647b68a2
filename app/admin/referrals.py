"""Referrals on the desk: the live list, one referral with its timeline, and sending one."""

from http import HTTPStatus
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as AnyResponse

from app.admin import blueprint
from app.admin.board import PAGE, desk
from app.admin.forms import Form, load, typed
from app.admin.targets import suggestions, target
from app.core.clock import now
from app.core.database.ids import new_id, parse_id
from app.core.errors import InvalidInput
from app.core.runtime import runtime
from app.extensions import db
from app.history.timeline import timeline
from app.http.polling import polled
from app.offers.intake import refer
from app.offers.service import Window
from app.referrals.models import Referral
from app.referrals.schemas import ReferralSchema, nested, new_referral
from app.referrals.service import others_of_client, record_view

GOES_TO = {"team_id": "Choose a team or an agent. They are offered as you type."}
DESK_ZONE = "America/Chicago"


@blueprint.get("/")
def referrals() -> str:
    """The desk: every referral, newest first, with its live state."""
    return _desk(chosen=None)


@blueprint.get("/list")
def referral_list() -> Response:
    """The list alone, for polling; 304 while it reads the same."""
    chosen = parse_id(request.args.get("chosen", ""))
    return polled(render_template("admin/list.html", **_list_values(), chosen_id=chosen))


@blueprint.get("/referrals/<uuid:referral_id>/timeline")
def referral_timeline(referral_id: UUID) -> Response:
    """What happened, alone, for polling: nothing in it says who the client is."""
    found = _referral_or_404(referral_id)
    entries = timeline(db.session(), referral=found)
    return polled(render_template("admin/timeline.html", chosen=found, entries=entries, zone=found.time_zone))


@blueprint.get("/referrals/<uuid:referral_id>")
def referral(referral_id: UUID) -> str:
    """One referral; that the client's details were shown is kept."""
    found = _referral_or_404(referral_id)
    record_view(db.session(), referral=found, account_id=current_user.id, where="admin", at=now())
    db.session.commit()
    return _desk(chosen=found)


@blueprint.get("/referrals/new")
def new_referral_form() -> str:
    """The form; the id it carries makes sending it twice one referral."""
    return _form(Form({"id": str(new_id()), "kind": "seller"}))


@blueprint.get("/referrals/targets")
def referral_targets() -> str:
    """What a referral can go to that has what was typed in it, as options."""
    typed_so_far = request.args.get("to", "").replace("\0", "").strip()
    return render_template("admin/targets.html", targets=suggestions(db.session(), typed_so_far))


@blueprint.post("/referrals/new")
def send_referral() -> AnyResponse:
    """Sends a referral."""
    form = typed()
    try:
        referral_id = _send(form)
    except InvalidInput as error:
        db.session.rollback()
        return make_response(_form(form.refused(error, GOES_TO)), HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("admin.referral", referral_id=referral_id), HTTPStatus.SEE_OTHER)


def _referral_or_404(referral_id: UUID) -> Referral:
    found = db.session.get(Referral, referral_id)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return found


def _send(form: Form) -> UUID:
    referral_id = parse_id(form.values.get("id", "")) or new_id()
    if db.session.get(Referral, referral_id) is not None:
        return referral_id
    body = nested({name: value for name, value in request.form.items() if name not in ("id", "to", "takes")})
    body.update(target(db.session(), form.values.get("to", "").replace("\0", "")))
    new = new_referral({**load(ReferralSchema(), body), "id": referral_id})
    window = Window(runtime().settings.offer_minutes)
    try:
        referred = refer(db.session(), new=new, window=window, at=now())
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        if db.session.get(Referral, referral_id) is None:
            raise
        return referral_id  # the same form, sent twice at once
    referred.outbox.enqueue(runtime().queue)
    return referral_id


def _form(form: Form) -> str:
    offered = suggestions(db.session(), "")
    return render_template("admin/referral_form.html", form=form, targets=offered)


def _desk(chosen: Referral | None) -> str:
    entries = timeline(db.session(), referral=chosen) if chosen is not None else []
    return render_template(
        "admin/referrals.html",
        **_list_values(),
        chosen=chosen,
        chosen_id=chosen.id if chosen is not None else None,
        entries=entries,
        others=others_of_client(db.session(), referral=chosen) if chosen is not None else [],
        zone=DESK_ZONE if chosen is None else chosen.time_zone,
    )


def _list_values() -> dict[str, object]:
    show = request.args.get("show", "all")
    before = parse_id(request.args.get("before", ""))
    lines = desk(db.session(), show=show, before=before, at=now())
    return {
        "lines": lines,
        "show": show,
        "before": before,
        "next_before": lines[-1].referral.id if len(lines) == PAGE else None,
        "desk_zone": DESK_ZONE,
    }
