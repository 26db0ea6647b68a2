"""What an admin does about one referral or many: each asks why, and can be undone for ten seconds."""

import csv
import io
from datetime import datetime
from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, abort, make_response, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app.admin import blueprint
from app.admin.board.views import DESK_ZONE
from app.admin.referrals import referral_or_404, referral_page
from app.admin.targets import target
from app.core.clock import now
from app.core.database.ids import parse_id
from app.core.errors import InvalidInput
from app.core.urls import local_path
from app.desk.acts import MOST_AT_ONCE, Wanted, ask, undo
from app.desk.models import LONGEST_WHY
from app.desk.rules import ACTIONS, Action
from app.extensions import db
from app.http.forms import Form
from app.referrals.models import Referral

COLUMNS = ("id", "came", "status", "kind", "city", "state", "zip", "price_min", "price_max", "claimed")


@blueprint.post("/referrals/<uuid:referral_id>/act")
def act(referral_id: UUID) -> AnyResponse:
    """One action on this referral."""
    found = referral_or_404(referral_id)
    try:
        ask(db.session(), referral_ids=[found.id], wanted=_wanted(found), account_id=current_user.id, at=now())
    except InvalidInput as error:
        db.session.rollback()
        form = Form(request.form.to_dict()).refused(error)
        return make_response(referral_page(found, form=form), HTTPStatus.UNPROCESSABLE_ENTITY)
    db.session.commit()
    return redirect(url_for("admin.referral", referral_id=found.id), HTTPStatus.SEE_OTHER)


@blueprint.post("/undo/<uuid:batch_id>")
def undo_action(batch_id: UUID) -> AnyResponse:
    """Takes back what has not taken effect."""
    undo(db.session(), batch_id=batch_id, at=now())
    db.session.commit()
    return redirect(local_path(request.form.get("next")) or url_for("admin.referrals"), HTTPStatus.SEE_OTHER)


@blueprint.post("/bulk")
def act_on_many() -> AnyResponse:
    """One action on all that were chosen, or a file of them, which says nothing of the clients."""
    ids = [id_ for id_ in map(parse_id, request.form.getlist("id")) if id_ is not None][:MOST_AT_ONCE]
    if request.form.get("action") == "export":
        return _export(ids)
    back = local_path(request.form.get("next")) or url_for("admin.referrals")
    try:
        wanted = _wanted(None)
        if not ACTIONS[wanted.action].in_bulk:
            abort(HTTPStatus.UNPROCESSABLE_ENTITY, "action: cannot be taken on many at once.")
        batch_id = ask(db.session(), referral_ids=ids, wanted=wanted, account_id=current_user.id, at=now())
    except InvalidInput as error:
        db.session.rollback()
        abort(HTTPStatus.UNPROCESSABLE_ENTITY, f"{error.errors[0].field}: {error.errors[0].message}")
    db.session.commit()
    joint = "&" if "?" in back else "?"
    return redirect(f"{back}{joint}done={batch_id}", HTTPStatus.SEE_OTHER)


def _wanted(referral: Referral | None) -> Wanted:
    known = {action.value: action for action in Action}
    action = known.get(request.form.get("action", ""))
    if action is None:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY, "action: there is no such action.")
    named = target(db.session(), request.form.get("to", "").replace("\0", "")).get("agent_id")
    zone = referral.time_zone if referral is not None else DESK_ZONE
    return Wanted(
        action,
        why=request.form.get("why", "").replace("\0", "").strip()[:LONGEST_WHY],
        agent_id=parse_id(named) if named else None,
        call_at=_moment(request.form.get("call_at", ""), zone),
    )


def _moment(typed: str, zone: str) -> datetime | None:
    """A date and time as browsers send it, by the clock where the referral is."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(zone)) if typed else None
    except ValueError:
        return None


def _export(ids: list[UUID]) -> Response:
    written = io.StringIO()
    sheet = csv.writer(written)
    sheet.writerow(COLUMNS)
    for one in db.session.scalars(select(Referral).where(Referral.id.in_(ids)).order_by(Referral.id)):
        claimed = one.claimed_at.isoformat() if one.claimed_at is not None else ""
        place = (one.city, one.state, one.zip_code, one.price_min, one.price_max)
        sheet.writerow((one.id, one.created_at.isoformat(), one.status.value, one.kind.value, *place, claimed))
    headers = {"Content-Disposition": 'attachment; filename="referrals.csv"'}
    return Response(written.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)
