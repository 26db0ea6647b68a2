"""The claim page, the portal, and sign-in."""

from flask import Blueprint

blueprint = Blueprint("web", __name__)

from app.web import claim_page, number, number_links, portal, probes, sign_in, unsubscribe  # noqa: F401
