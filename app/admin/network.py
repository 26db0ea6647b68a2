"""How the network's Dibs runs: its parts, its settings, its API keys, and every change that was made."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from marshmallow import Schema
from pydantic import BaseModel
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app.access.api_keys import make_api_key, revoke_api_key
from app.access.models import ApiKey
from app.admin import blueprint
from app.config.secrets import Secrets
from app.config.settings import Settings
from app.core.clock import now
from app.core.database.ids import parse_id
from app.core.errors import InvalidInput
from app.core.fields import Text
from app.core.queue.queues import waiting_jobs
from app.core.runtime import runtime
from app.extensions import db
from app.history.audit import NOUNS, PAGE, audit
from app.http.forms import Form, load
from app.http.health import OK, states

PARTS = {
    "database": "The database",
    "sweeper": "The sweeper, which moves what only time moves",
    "redis": "Redis, which wakes the workers",
    "worker_voice": "The worker that places calls",
    "worker_messages": "The worker that sends messages",
}


@dataclass(frozen=True)
class Setting:
    """One setting as it stands; of a secret only whether it is set."""

    name: str
    value: str
    is_default: bool


class KeySchema(Schema):
    """A new API key."""

    class Meta:
        unknown = "raise"

    name = Text(longest=80, required=True)


@blueprint.get("/network")
def network() -> str:
    """The parts, each in words, and the settings."""
    found = states()
    return render_template(
        "admin/network.html",
        waiting=waiting_jobs(runtime().settings.redis_url),
        parts=[(PARTS.get(name, name), state, state == OK) for name, state in found.items()],
        settings=_settings(runtime().settings),
        secrets=_secrets(runtime().settings),
    )


@blueprint.get("/network/keys")
def api_keys() -> str:
    """The API keys."""
    return _keys(Form())


@blueprint.post("/network/keys")
def create_api_key() -> AnyResponse:
    """A new one, shown this once."""
    form = Form(request.form.to_dict())
    try:
        name = load(KeySchema(), form.values)["name"]
    except InvalidInput as error:
        return make_response(_keys(form.refused(error)), HTTPStatus.UNPROCESSABLE_ENTITY)
    key = make_api_key(db.session(), name=name)
    db.session.commit()
    return make_response(_keys(Form(), made=key))


@blueprint.post("/network/keys/<uuid:key_id>/revoke")
def revoke_key(key_id: UUID) -> AnyResponse:
    """Worthless at once."""
    revoke_api_key(db.session(), key_id=key_id, at=now())
    db.session.commit()
    return redirect(url_for("admin.api_keys"), HTTPStatus.SEE_OTHER)


@blueprint.get("/network/changes")
def changes() -> str:
    """Every change, newest first."""
    noun = request.args.get("of", "")
    lines = audit(db.session(), noun=noun or None, before=parse_id(request.args.get("before", "")))
    older = lines[-1].id if len(lines) == PAGE else None
    return render_template("admin/changes.html", lines=lines, nouns=NOUNS, noun=noun, older=older)


def _keys(form: Form, made: str | None = None) -> str:
    found = db.session.scalars(select(ApiKey).order_by(ApiKey.revoked_at.isnot(None), ApiKey.id.desc())).all()
    return render_template("admin/keys.html", form=form, keys=found, made=made)


def _settings(settings: Settings) -> list[Setting]:
    hidden = set(Secrets.model_fields)
    return [
        Setting(name.upper(), _shown(getattr(settings, name)), _is_default(settings, name))
        for name in Settings.model_fields
        if name not in hidden
    ]


def _secrets(settings: Settings) -> list[Setting]:
    return [
        Setting(name.removeprefix("hidden_").upper(), "set" if getattr(settings, name) else "not set", is_default=False)
        for name in Secrets.model_fields
    ]


def _is_default(settings: BaseModel, name: str) -> bool:
    return bool(getattr(settings, name) == Settings.model_fields[name].default)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value in (None, "") else str(value)
