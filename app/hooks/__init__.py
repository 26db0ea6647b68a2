"""What the carrier calls. Each request proves itself by the carrier's signature, and carries no cookie."""

from flask import Blueprint

blueprint = Blueprint("hooks", __name__)

from app.hooks import calls, guard, messages, numbers, tests, texts  # noqa: F401
