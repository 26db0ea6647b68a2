"""The sandbox's own pages: handsets, an inbox and the network's software, drawn in the browser from /control/state."""

import hashlib
import logging
from pathlib import Path

from flask import Flask, Response, render_template, request

from sandbox import rest
from sandbox.callbacks import Poster
from sandbox.hands import control, taps
from sandbox.push import service as push_service
from sandbox.rest import calls, messages, numbers, recordings
from sandbox.software import receiver
from sandbox.voice.runner import Runner
from sandbox.world import World

ROOT = Path(__file__).resolve().parents[1]
POLICY = "default-src 'self'; frame-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:"
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-top-navigation"


def create_sandbox(world: World) -> Flask:
    """The sandbox as a WSGI app."""
    app = Flask("sandbox", static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates"))
    app.extensions["world"] = world
    app.extensions["poster"] = Poster(world)
    app.extensions["runner"] = Runner(world, app.extensions["poster"])
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    for blueprint in (rest.blueprint, control.blueprint, push_service.blueprint, receiver.blueprint):
        app.register_blueprint(blueprint)
    app.add_url_rule("/", view_func=_phones)
    app.add_url_rule("/inbox", view_func=_inbox)
    app.add_url_rule("/webhooks", view_func=_webhooks)
    app.add_url_rule("/inbox/<int:mail_id>/html", view_func=lambda mail_id: _mail(world, mail_id))
    app.after_request(_policy)
    app.jinja_env.globals |= {"stamp": _stamp(), "brand": world.settings.brand}
    return app


def _phones() -> str:
    return render_template("phones.html", here="phones")


def _inbox() -> str:
    return render_template("inbox.html", here="inbox")


def _webhooks() -> str:
    return render_template("webhooks.html", here="webhooks", origin=request.host_url.rstrip("/"))


def _mail(world: World, mail_id: int) -> Response:
    """The HTML of one mail, in a frame that may run nothing."""
    found = next((mail for mail in world.mails if mail.id == mail_id), None)
    if found is None:
        return Response(status=404)
    response = Response(found.html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


def _policy(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["Cache-Control"] = "no-store"
    return response


def _stamp() -> str:
    files = sorted((ROOT / "static").glob("*.*s"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


__all__ = ["calls", "create_sandbox", "messages", "numbers", "recordings", "taps"]
