"""The intake API, version 1: what the network's own software uses. Stable."""

from flask_smorest import Blueprint

blueprint = Blueprint("api", __name__, description="Teams, agents and referrals.")

from app.api import errors, guard, referrals, teams_and_agents  # noqa: F401
