"""The claim page, the portal, and sign-in."""

from flask import Blueprint

blueprint = Blueprint("web", __name__)

from app.web import claim_page, installed_app, number, number_links, portal, probes, push, sign_in  # noqa: F401
