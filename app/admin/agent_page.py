"""One agent on the desk: by what they are reached, what they were offered, their calls, clients, figures and terms."""

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import make_response, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response as AnyResponse

from app.admin import blueprint
from app.admin.board.views import DESK_ZONE
from app.admin.figures import share, took
from app.admin.targets import target
from app.calls.models import Call
from app.claims.models import Claim
from app.core.clock import now
from app.core.database.ids import parse_id
from app.core.errors import InvalidInput
from app.desk.leaving import leave
from app.desk.models import LONGEST_WHY
from app.extensions import db
from app.history.changes import changes_of
from app.history.network_figures import Range, counts_of_agent, network_counts
from app.history.timeline import CALL_ENDS
from app.http.forms import Form
from app.notifications.reach.summary import reached_by
from app.offers.models import Offer
from app.people.models import Agent
from app.people.serves import serves_of
from app.people.service import get_agent
from app.terms.service import accepted_at, in_force

MONTH = timedelta(days=29)
SHOWN = 20
"""Offers, calls and clients; the newest."""
EMPTY = Form()


@blueprint.get("/agents/<uuid:agent_id>")
def agent(agent_id: UUID) -> str:
    """The page."""
    return _page(get_agent(db.session(), agent_id), EMPTY)


@blueprint.post("/agents/<uuid:agent_id>/leave")
def agent_leaves(agent_id: UUID) -> AnyResponse:
    """They have left, or are here twice."""
    session, found, form = db.session(), get_agent(db.session(), agent_id), Form(request.form.to_dict())
    named = target(session, form.values.get("to", "").replace("\0", "")) if form.values.get("to") else {}
    other_id = parse_id(named.get("agent_id", ""))
    try:
        leave(
            session,
            agent=found,
            clients_to=session.get(Agent, other_id) if other_id is not None else None,
            is_same=form.values.get("same") == "yes",
            why=form.values.get("why", "").replace("\0", "").strip()[:LONGEST_WHY],
            account_id=current_user.id,
            at=now(),
        )
    except InvalidInput as error:
        session.rollback()
        page = _page(get_agent(session, agent_id), form.refused(error))
        return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY)
    session.commit()
    return redirect(url_for("admin.agent", agent_id=agent_id), HTTPStatus.SEE_OTHER)


def _page(found: Agent, form: Form) -> str:
    session, today = db.session(), now().astimezone(ZoneInfo(DESK_ZONE)).date()
    days = Range(today - MONTH, today, DESK_ZONE)
    offers = _offers(session, found)
    number = in_force(session).agreement_number
    return render_template(
        "admin/agent.html",
        agent=found,
        form=form,
        longest_why=LONGEST_WHY,
        ways=reached_by(session, [found])[found.id],
        serves=serves_of(session, agent=found),
        mine=counts_of_agent(session, days=days, agent_id=found.id),
        everybody=network_counts(session, days=days),
        took=took,
        share=share,
        offers=offers,
        calls=_calls(session, offers),
        clients=_clients(session, found),
        call_ends=CALL_ENDS,
        agreed=accepted_at(session, agent_id=found.id, agreement_number=number),
        same_as=session.get(Agent, found.merged_into_id) if found.merged_into_id else None,
        changes=changes_of(session, row_ids=[found.id, found.account_id]),
        zone=found.time_zone,
    )


def _offers(session: Session, agent: Agent) -> list[Offer]:
    query = select(Offer).options(joinedload(Offer.referral)).where(Offer.agent_id == agent.id)
    return list(session.scalars(query.order_by(Offer.id.desc()).limit(SHOWN)))


def _calls(session: Session, offers: Sequence[Offer]) -> list[Call]:
    query = select(Call).options(joinedload(Call.offer).joinedload(Offer.referral))
    query = query.where(Call.offer_id.in_([offer.id for offer in offers]))
    return list(session.scalars(query.order_by(Call.id.desc()).limit(SHOWN)))


def _clients(session: Session, agent: Agent) -> list[Offer]:
    """The offers by which they have their clients, newest first."""
    query = select(Offer).join(Claim, Claim.offer_id == Offer.id).options(joinedload(Offer.referral))
    query = query.where(Claim.agent_id == agent.id, Claim.ended_at.is_(None))
    return list(session.scalars(query.order_by(Claim.at.desc()).limit(SHOWN)))
