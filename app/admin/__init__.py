"""The admins' desk."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__)

from app.admin import (  # noqa: F401
    actions,
    agent_list,
    agent_page,
    agents,
    board_page,
    figures,
    guard,
    messages,
    network,
    people,
    referrals,
    routing,
    second_factor,
    teams,
    terms,
    transfers,
)
