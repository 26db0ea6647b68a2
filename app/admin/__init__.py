"""The admins' desk."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__)

from app.admin import actions, agents, board_page, figures, guard, messages, network, referrals, routing, teams, terms  # noqa: F401
