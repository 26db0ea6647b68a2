"""Teams on the desk: list, add, rename, pause."""

from uuid import UUID

from flask import make_response, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response as AnyResponse

from app.admin import blueprint
from app.admin.forms import Form, load, typed
from app.admin.ids import id_or_404
from app.core.clock import now
from app.core.errors import InvalidInput
from app.extensions import db
from app.people.models import Team
from app.people.schemas import TeamSchema
from app.people.service import add_team, get_team, pause_team, rename_team

UNPROCESSABLE = 422


@blueprint.get("/teams")
def teams() -> str:
    """Every team with its members."""
    query = select(Team).options(selectinload(Team.agents)).order_by(Team.name)
    return render_template("admin/teams.html", teams=list(db.session.scalars(query)))


@blueprint.get("/teams/new")
def new_team_form() -> str:
    """An empty form."""
    return render_template("admin/team_form.html", form=Form(), team=None)


@blueprint.post("/teams/new")
def create_team() -> AnyResponse:
    """Adds a team."""
    form = typed()
    try:
        add_team(db.session(), name=_name(form))
    except InvalidInput as error:
        db.session.rollback()
        return make_response(
            render_template("admin/team_form.html", form=form.refused(error), team=None), UNPROCESSABLE
        )
    db.session.commit()
    return redirect(url_for("admin.teams"), 303)


@blueprint.get("/teams/<raw_id>")
def edit_team_form(raw_id: str) -> str:
    """One team's form."""
    team = get_team(db.session(), id_or_404(raw_id))
    return render_template("admin/team_form.html", form=Form({"name": team.name}), team=team)


@blueprint.post("/teams/<raw_id>")
def edit_team(raw_id: str) -> AnyResponse:
    """Renames a team."""
    team_id, form = id_or_404(raw_id), typed()
    try:
        rename_team(db.session(), team_id=team_id, name=_name(form))
    except InvalidInput as error:
        db.session.rollback()
        team = get_team(db.session(), team_id)
        return make_response(
            render_template("admin/team_form.html", form=form.refused(error), team=team), UNPROCESSABLE
        )
    db.session.commit()
    return redirect(url_for("admin.teams"), 303)


@blueprint.post("/teams/<raw_id>/pause")
def pause_members(raw_id: str) -> AnyResponse:
    """The team gets no referrals until resumed."""
    return _set_pause(id_or_404(raw_id), paused=True)


@blueprint.post("/teams/<raw_id>/resume")
def resume_members(raw_id: str) -> AnyResponse:
    """The team gets referrals again."""
    return _set_pause(id_or_404(raw_id), paused=False)


def _set_pause(team_id: UUID, *, paused: bool) -> AnyResponse:
    pause_team(db.session(), team_id=team_id, at=now() if paused else None)
    db.session.commit()
    return redirect(url_for("admin.teams"), 303)


def _name(form: Form) -> str:
    loaded = load(TeamSchema(), {name: value for name, value in form.values.items() if name == "name"})
    return str(loaded["name"])
