"""The admins' desk."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__)

from app.admin import agents, guard, messages, referrals, routing, teams, terms  # noqa: F401
