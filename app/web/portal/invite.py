"""The lead's side of joining: the link, its code to be scanned, and who waits for an answer."""

from http import HTTPStatus
from urllib.parse import quote
from uuid import UUID

import segno
from flask import abort, make_response, redirect, url_for
from flask_login import login_required
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app.access.invitations import end_invitations, invitation_of, invite, let_in, turn_away, waiting_for
from app.core.clock import now
from app.core.errors import InvalidInput
from app.core.language import gettext as _
from app.core.runtime import Purpose, runtime
from app.extensions import db
from app.notifications.reach.welcome import welcome
from app.offers.service import Window
from app.people.models import Agent
from app.routing.on_duty import offer_what_is_open
from app.web import blueprint
from app.web.portal.team import lead_or_404, team_page


@blueprint.post("/team/invitation")
@login_required
def make_invitation() -> AnyResponse:
    """A new link; the old one is good for nothing."""
    invite(db.session(), lead=lead_or_404(), at=now())
    db.session.commit()
    return _back()


@blueprint.post("/team/invitation/end")
@login_required
def end_invitation() -> AnyResponse:
    """No link."""
    end_invitations(db.session(), team_id=_team_id(), at=now())
    db.session.commit()
    return _back()


@blueprint.post("/team/requests/<uuid:request_id>/let-in")
@login_required
def let_somebody_in(request_id: UUID) -> AnyResponse:
    """Yes: they are an agent of the team from now on, and get what is still open."""
    session, here = db.session(), runtime()
    try:
        done = let_in(session, request_id=request_id, team_id=_team_id(), at=now())
    except InvalidInput as error:
        session.rollback()
        return make_response(team_page(problem=error.errors[0].message), HTTPStatus.UNPROCESSABLE_ENTITY)
    if done is None:
        return _back()
    agent, outbox = done
    if here.settings.welcome_texts:
        outbox += welcome(session, agent=agent, at=now())
    session.commit()
    outbox.enqueue(here.queue)
    _catches_up(agent)
    return _back()


@blueprint.post("/team/requests/<uuid:request_id>/turn-away")
@login_required
def turn_somebody_away(request_id: UUID) -> AnyResponse:
    """No."""
    turn_away(db.session(), request_id=request_id, team_id=_team_id(), at=now())
    db.session.commit()
    return _back()


@blueprint.app_template_global()
def invitation_values(agent: Agent) -> dict[str, object]:
    """What stands on the team's page: who waits, the link, and ways to send it from the lead's own phone or mail."""
    session, team_id = db.session(), agent.team_id or abort(HTTPStatus.NOT_FOUND)
    found = invitation_of(session, team_id=team_id, at=now())
    if found is None:
        return {"waiting": waiting_for(session, team_id=team_id), "link": None}
    link = runtime().link(f"/join/{runtime().signer.sign(Purpose.INVITATION, found.id)}")
    words = _("Join %(team)s on %(brand)s: %(link)s", team=_team_name(agent), brand=_brand(), link=link)
    subject = _("Join %(team)s on %(brand)s", team=_team_name(agent), brand=_brand())
    return {
        "waiting": waiting_for(session, team_id=team_id),
        "link": link,
        "expires_at": found.expires_at,
        "words": words,
        "mail": f"mailto:?subject={quote(subject, safe='')}&body={quote(words, safe='')}",
        "text": f"sms:?&body={quote(words, safe='')}",
        "code": Markup(segno.make(link, error="m").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)),
    }


def _catches_up(agent: Agent) -> None:
    """In a transaction of its own: they are in, whatever becomes of it."""
    outbox = offer_what_is_open(db.session(), agent=agent, window=Window(runtime().settings.offer_minutes), at=now())
    db.session.commit()
    outbox.enqueue(runtime().queue)


def _team_name(agent: Agent) -> str:
    return agent.team.name if agent.team is not None else ""


def _brand() -> str:
    return runtime().settings.brand_name


def _team_id() -> UUID:
    return lead_or_404().team_id or abort(HTTPStatus.NOT_FOUND)


def _back() -> AnyResponse:
    return redirect(url_for("web.team", _anchor="invite"), HTTPStatus.SEE_OTHER)
