"""The claim page, the portal, and sign-in."""

from flask import Blueprint

blueprint = Blueprint("web", __name__)

from app.web import (  # noqa: F401
    arrived,
    channels,
    claim_page,
    contact,
    installed_app,
    number,
    number_links,
    portal,
    probes,
    push,
    sign_in,
    unsubscribe,
)
