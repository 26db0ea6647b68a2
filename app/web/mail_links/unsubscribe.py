"""No more mail about offers, by the link in it. A GET shows a button, the POST does it: mail scanners open links."""

from http import HTTPStatus
from uuid import UUID

from flask import Response, abort, make_response, render_template

from app.core.clock import now
from app.core.language import speak
from app.core.runtime import Purpose, runtime
from app.extensions import db
from app.notifications.channels.rules import Channel
from app.notifications.channels.states import channels_of
from app.notifications.reach.death import unsubscribe as stop_mail
from app.people.models import Agent
from app.web import blueprint


@blueprint.get("/unsubscribe/<token>")
def unsubscribe_page(token: str) -> Response:
    """Asks whether these mails are to stop, or says that they have. Opening it changes nothing."""
    agent_id = _agent_id(token)
    email = next(state for state in channels_of(db.session(), agent_id) if state.channel is Channel.EMAIL)
    if not email.is_on:
        return make_response(render_template("web/unsubscribed.html"))
    return make_response(render_template("web/unsubscribe.html", token=token))


@blueprint.post("/unsubscribe/<token>")
def unsubscribe(token: str) -> Response:
    """Stops them. Also what a mail provider posts for its own button (RFC 8058)."""
    agent_id = _agent_id(token)
    stop_mail(db.session(), agent_id=agent_id, at=now())
    db.session.commit()
    return make_response(render_template("web/unsubscribed.html"))


def _agent_id(token: str) -> UUID:
    agent_id = runtime().signer.verify(Purpose.UNSUBSCRIBE, token)
    agent = db.session.get(Agent, agent_id) if agent_id is not None else None
    if agent is None:
        abort(HTTPStatus.NOT_FOUND)
    speak(agent.language)
    return agent.id
