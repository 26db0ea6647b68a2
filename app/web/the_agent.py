"""The agent who is signed in. An admin who is no agent has no portal."""

from flask import abort
from flask_login import current_user

from app.people.models import Agent


def the_agent() -> Agent:
    """404 for whoever is none."""
    agent = current_user.agent
    if not isinstance(agent, Agent):
        abort(404)
    return agent
