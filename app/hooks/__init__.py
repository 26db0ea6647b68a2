"""What the carrier calls. Each request proves itself by the carrier's signature; the rest of the app's guards are off."""

from flask import Blueprint

blueprint = Blueprint("hooks", __name__)

from app.hooks import calls, guard, messages, numbers  # noqa: E402, F401
