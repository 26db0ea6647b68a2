"""Routing on the desk: its rules, version by version; who would be asked; what other rules would have done."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_login import current_user
from marshmallow import Schema, fields
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app.admin import blueprint
from app.core.clock import now
from app.core.errors import InvalidInput
from app.core.referral_kind import ReferralKind
from app.extensions import db
from app.http.forms import Form, load
from app.people.areas import Place
from app.people.models import Account
from app.referrals.schemas import AreaSchema, PriceSchema, nested
from app.routing.dry_run import replay, try_out
from app.routing.eligibility import Wanted
from app.routing.models import RulesVersion
from app.routing.rules import DEFAULTS, Rules, Then, read, written
from app.routing.schemas import FOLLOWS, RulesSchema, changed
from app.routing.versions import current, keep
from app.routing.why import told

SHOWN = 20
MAY_BE_EMPTY = ("window_minutes", "work_within_hours", "most_clients", "most_a_day")
FOLLOW_WORDS = {
    Then.TEAM: "their team",
    Then.WAVES: "matching agents, wave by wave",
    Then.POOL: "all other matching agents, at once",
    Then.ADMINS: "the admins decide",
}
LABELS = {
    "wave_size": "Agents in a wave", "waves": "Waves", "window_minutes": "Minutes a wave has",
    "head_start_seconds": "Head start in seconds", "after_waves": "After the last wave",
    "after_agent": "After an agent who was named", "after_team": "After a team that was named",
    "work_within_hours": "Hours without a word",
    "needs_price": "Price in their range", "needs_language": "The client's language",
    "needs_licence": "A licence in the state", "most_clients": "Most open clients", "most_a_day": "Most claims a day",
    "speed_weight": "Speed", "answer_weight": "Answers", "talk_weight": "Talks", "turn_weight": "Turn",
    "agents_choose": "Agents set areas and prices",
}  # fmt: skip


class TrialSchema(Schema):
    """A referral that is not sent."""

    class Meta:
        unknown = "raise"

    kind = fields.Enum(ReferralKind, by_value=True, required=True)
    area = fields.Nested(AreaSchema, required=True)
    price = fields.Nested(PriceSchema, required=True)
    language = fields.String(load_default=None, allow_none=True)


@blueprint.get("/routing")
def routing() -> str:
    """The rules, who would be asked, and the versions before."""
    return _page(_shown(current(db.session())))


@blueprint.post("/routing")
def set_routing() -> AnyResponse:
    """Makes a new version; with `replay` only says what it would have done."""
    session, rules = db.session(), current(db.session())
    values = request.form.to_dict()
    wants_replay = values.pop("replay", None) is not None
    try:
        new = changed(rules, load(RulesSchema(), _body(values)))
    except InvalidInput as error:
        form = Form({**_shown(rules).values, **values}).refused(error)
        return make_response(_page(form), HTTPStatus.UNPROCESSABLE_ENTITY)
    if wants_replay:
        found = replay(session, before=rules, after=new, at=now())
        return make_response(_page(_shown(new), replayed=found))
    keep(session, rules=new, account_id=current_user.id, at=now())
    session.commit()
    return redirect(url_for("admin.routing"), HTTPStatus.SEE_OTHER)


@blueprint.get("/routing/try")
def try_routing() -> AnyResponse:
    """Who would be offered a referral like this one, and why; nothing is sent."""
    values = request.args.to_dict()
    trial, rules = Form({"kind": "seller", **values}), current(db.session())
    try:
        body = nested(values)
        body.pop("client")
        loaded = load(TrialSchema(), body)
    except InvalidInput as error:
        return make_response(_page(_shown(rules), trial=trial.refused(error)), HTTPStatus.UNPROCESSABLE_ENTITY)
    area, price = loaded["area"], loaded["price"]
    place = Place(area["state"], area["city"], area["zip"])
    wanted = Wanted(loaded["kind"], place, price["min"], price["max"], loaded["language"])
    judged, asked = try_out(db.session(), wanted, rules=rules, at=now())
    return make_response(_page(_shown(rules), trial=trial, tried=told(db.session(), judged, asked=asked)))


def _body(values: dict[str, str]) -> dict[str, Any]:
    return {name: None if name in MAY_BE_EMPTY and not value.strip() else value for name, value in values.items()}


def _shown(rules: Rules) -> Form:
    def text(value: object) -> str:
        return {None: "", True: "yes", False: "no"}.get(value) if isinstance(value, bool | None) else str(value)  # type: ignore[return-value]

    return Form({name: text(value) for name, value in written(rules).items()})


def _versions() -> list[dict[str, Any]]:
    """Newest first, each with what it changed."""
    query = select(RulesVersion, Account.email).outerjoin(Account, Account.id == RulesVersion.account_id)
    rows = db.session.execute(query.order_by(RulesVersion.number.desc()).limit(SHOWN + 1)).all()
    shown = []
    for place, (row, email) in enumerate(rows[:SHOWN]):
        earlier = read(rows[place + 1][0].rules) if place + 1 < len(rows) else DEFAULTS
        shown.append(
            {"number": row.number, "at": row.made_at, "who": email, "words": _differences(earlier, read(row.rules))}
        )
    return shown


def _differences(before: Rules, after: Rules) -> str:
    pairs = ((name, value, asdict(after)[name]) for name, value in asdict(before).items())
    return "; ".join(f"{LABELS[name]}: {_said(a)} to {_said(b)}" for name, a, b in pairs if a != b)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else FOLLOW_WORDS[value] if isinstance(value, Then) else str(value)


def _page(form: Form, **found: Any) -> str:
    return render_template(
        "admin/routing.html",
        form=form,
        labels=LABELS,
        follows={name: [(then.value, FOLLOW_WORDS[then]) for then in known] for name, known in FOLLOWS.items()},
        versions=_versions(),
        **{"trial": Form({"kind": "seller"}), **found},
    )
