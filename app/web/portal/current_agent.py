"""The agent who is signed in. An admin who is no agent has no portal."""

from http import HTTPStatus

from flask import abort
from flask_login import current_user

from app.people.models import Agent


def current_agent() -> Agent:
    """404 for an account that is none."""
    agent = current_user.agent
    if not isinstance(agent, Agent):
        abort(HTTPStatus.NOT_FOUND)
    return agent
