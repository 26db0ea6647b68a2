"""What makes an app of the portal: manifest, service worker, icon, and the page shown without a network."""

import hashlib
import json
from typing import Any

from flask import Response, current_app, jsonify, render_template, send_from_directory

from app.core.language import gettext as _
from app.core.language import language
from app.core.runtime import runtime
from app.http.filters import push_key
from app.http.static import HTMX, STATIC_DIR, STYLE_SHEET
from app.web import blueprint

GROUND = "#faf9f5"
"""The light ground of the design's tokens, which a manifest cannot name; base.html has the dark one beside it."""
MODULES = ("badge", "clocks", "install", "offline", "polling", "presses", "push", "sign_out", "subscription", "worker")
SHELL = (STYLE_SHEET, HTMX, *(f"js/{name}.js" for name in MODULES),
         "icons/icon.svg", "icons/icon-192.png", "icons/badge-96.png")  # fmt: skip
"""What the worker keeps, and all it keeps beside the offline page."""
OFFLINE_TEMPLATES = ("base.html", "web/offline.html")


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """https://www.w3.org/TR/appmanifest/"""
    response = jsonify(_manifest(runtime().settings.brand_name))
    response.content_type = "application/manifest+json"
    response.cache_control.no_cache = True
    return response


@blueprint.get("/sw.js")
def service_worker() -> Response:
    """The worker, with what it needs to know of this release in its first line."""
    settings = runtime().settings
    facts = {
        "version": _version(),
        "unreadable": _("%(brand)s: open to see", brand=settings.brand_name),
        "offline": "/offline",
        "shell": [_static(name) for name in SHELL],
        "icon": _static("icons/icon-192.png"),
        "badge": _static("icons/badge-96.png"),
        "pushKey": push_key(),
    }
    script = (STATIC_DIR / "js" / "sw.js").read_text(encoding="utf-8")
    response = Response(
        f"const RELEASE = {json.dumps(facts)};\n{script}", content_type="text/javascript; charset=utf-8"
    )
    response.cache_control.no_cache = True
    return response


@blueprint.get("/offline")
def offline() -> str:
    """Shown by the worker when the network is away."""
    return render_template("web/offline.html")


@blueprint.get("/apple-touch-icon.png")
def touch_icon() -> Response:
    """Where an iPhone looks by itself, so that no page has to name it."""
    return send_from_directory(STATIC_DIR / "icons", "touch-180.png", max_age=24 * 60 * 60)


def _manifest(brand: str) -> dict[str, Any]:
    return {
        "id": "/",
        "name": brand,
        "short_name": brand,
        "description": _("Referrals from %(brand)s: see, claim and call, in under a minute.", brand=brand),
        "lang": language(),
        "dir": "ltr",
        "start_url": "/referrals",
        "scope": "/",
        "display": "standalone",
        "theme_color": GROUND,
        "background_color": GROUND,
        "categories": ["business", "productivity"],
        # A link in a text opens in the app that is open already, not beside it.
        "handle_links": "preferred",
        "launch_handler": {"client_mode": ["navigate-existing", "auto"]},
        "icons": [
            *(_icon(f"icons/icon-{size}.png", f"{size}x{size}", "any") for size in (192, 512)),
            *(_icon(f"icons/maskable-{size}.png", f"{size}x{size}", "maskable") for size in (192, 512)),
        ],
        "shortcuts": [
            {"name": name, "url": url, "icons": [_icon("icons/icon-192.png", "192x192", "any")]}
            for name, url in ((_("Referrals"), "/referrals"), (_("How we reach you"), "/channels"))
        ],
        "screenshots": [
            _screenshot("narrow", "412x915", _("A referral, ready to be claimed")),
            _screenshot("wide", "1280x800", _("Your referrals, and a client you have claimed")),
        ],
    }


def _icon(name: str, size: str, purpose: str) -> dict[str, str]:
    return {"src": _static(name), "sizes": size, "type": "image/png", "purpose": purpose}


def _screenshot(form: str, size: str, label: str) -> dict[str, str]:
    src = _static(f"screens/{form}.png")
    return {"src": src, "sizes": size, "type": "image/png", "form_factor": form, "label": label}


def _static(name: str) -> str:
    return str(current_app.extensions["static_prefix"]) + name


def _version() -> str:
    """Changes with whatever the worker keeps: any static file, or what the offline page says, and in which language."""
    settings, loader = runtime().settings, current_app.jinja_env
    assert loader.loader is not None
    sources = [loader.loader.get_source(loader, name)[0] for name in OFFLINE_TEMPLATES]
    parts = [_static(""), language(), settings.brand_name, settings.twilio_call_from, *sources]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
