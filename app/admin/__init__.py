"""The admins' desk."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__)

from app.admin import (  # noqa: F401
    actions,
    agent_list,
    agent_page,
    agents,
    figures,
    guard,
    invitations,
    messages,
    network,
    people,
    referrals,
    routing,
    second_factor,
    teams,
    terms,
    transfers,
    webhooks,
)
from app.admin.board import page  # noqa: F401
