"""Teams on the desk: list, add, rename, pause."""

from http import HTTPStatus
from uuid import UUID

from flask import make_response, redirect, render_template, url_for
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response as AnyResponse

from app.admin import blueprint
from app.admin.paging import page_by_name
from app.core.clock import now
from app.core.errors import InvalidInput
from app.extensions import db
from app.http.forms import Form, load, typed
from app.people.models import Agent, Team
from app.people.schemas import TeamSchema
from app.people.service import add_team, get_team, pause_team, rename_team


@blueprint.get("/teams")
def teams() -> str:
    """With their members, by name, a page at a time; a search goes by team and member."""
    query = select(Team).options(selectinload(Team.agents).lazyload(Agent.account))
    page = page_by_name(db.session(), query, name=Team.name, id_=Team.id, match=_match)
    return render_template("admin/teams.html", page=page)


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
            render_template("admin/team_form.html", form=form.refused(error), team=None),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    db.session.commit()
    return redirect(url_for("admin.teams"), HTTPStatus.SEE_OTHER)


@blueprint.get("/teams/<uuid:team_id>")
def edit_team_form(team_id: UUID) -> str:
    """One team's form."""
    team = get_team(db.session(), team_id)
    return render_template("admin/team_form.html", form=Form({"name": team.name}), team=team)


@blueprint.post("/teams/<uuid:team_id>")
def edit_team(team_id: UUID) -> AnyResponse:
    """Renames a team."""
    form = typed()
    try:
        rename_team(db.session(), team_id=team_id, name=_name(form))
    except InvalidInput as error:
        db.session.rollback()
        team = get_team(db.session(), team_id)
        return make_response(
            render_template("admin/team_form.html", form=form.refused(error), team=team),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    db.session.commit()
    return redirect(url_for("admin.teams"), HTTPStatus.SEE_OTHER)


@blueprint.post("/teams/<uuid:team_id>/pause")
def pause_members(team_id: UUID) -> AnyResponse:
    """The team gets no referrals until resumed."""
    return _set_pause(team_id, paused=True)


@blueprint.post("/teams/<uuid:team_id>/resume")
def resume_members(team_id: UUID) -> AnyResponse:
    """The team gets referrals again."""
    return _set_pause(team_id, paused=False)


def _set_pause(team_id: UUID, *, paused: bool) -> AnyResponse:
    pause_team(db.session(), team_id=team_id, at=now() if paused else None)
    db.session.commit()
    return redirect(url_for("admin.teams"), HTTPStatus.SEE_OTHER)


def _match(search: str) -> list[ColumnElement[bool]]:
    return [
        Team.name.icontains(search, autoescape=True),
        Team.agents.any(Agent.name.icontains(search, autoescape=True)),
    ]


def _name(form: Form) -> str:
    loaded = load(TeamSchema(), {name: value for name, value in form.values.items() if name == "name"})
    return str(loaded["name"])
