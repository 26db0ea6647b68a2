"""The admins' desk."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__)

from app.admin import (  # noqa: F401
    actions,
    agents,
    board_page,
    figures,
    guard,
    messages,
    network,
    referrals,
    routing,
    teams,
    terms,
    transfers,
)
