"""The admins' desk."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__)

from app.admin import agents, guard, messages, referrals, teams  # noqa: F401
