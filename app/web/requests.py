"""What holds for every request: an id, a log line, security headers, and no forged posts."""

import time
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, abort, g, request

from app.core.ground import ground
from app.core.logs import begin_request

log = structlog.get_logger()

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
NOT_MODIFIED = 304
FORGERY_PROOF = frozenset({"api", "hooks", "mail_hooks"})
"""Blueprints that carry no cookie: each request proves itself by a key or a signature."""
ONE_CLICK = "web.unsubscribe"
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


def register_request_hooks(app: Flask) -> None:
    """Adds them to `app`."""
    app.before_request(_begin)
    app.before_request(_refuse_forgery)
    app.after_request(_finish)


def _begin() -> None:
    g.began = time.perf_counter()
    g.request_id = begin_request(request.headers.get("X-Request-Id"))


def _refuse_forgery() -> None:
    """A browser's post must come from our own pages.

    Browsers say where a request comes from (Sec-Fetch-Site; older ones Origin), which no page can forge and
    no open tab outlives, unlike a token: see docs/decisions/cross-site-posts.md.
    """
    if request.method in SAFE_METHODS or request.blueprint in FORGERY_PROOF:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is None and _is_one_click():
        return
    allowed = site == "same-origin" if site is not None else _same_origin(request.headers.get("Origin"))
    if not allowed:
        abort(403)


def _is_one_click() -> bool:
    """A mail provider's post, for somebody who tapped its own "Unsubscribe" (RFC 8058, 3.2).

    It has neither Origin nor cookie: the signed token in its address is the proof. A browser's form has an Origin.
    """
    if request.endpoint != ONE_CLICK or "Origin" in request.headers:
        return False
    return request.form.get("List-Unsubscribe") == "One-Click"


def _same_origin(origin: str | None) -> bool:
    ours = urlsplit(ground().settings.public_url)
    return origin is not None and origin.lower() == f"{ours.scheme}://{ours.netloc}".lower()


def _finish(response: Response) -> Response:
    if response.status_code == NOT_MODIFIED:
        return response  # a poll that found nothing new, once a second from every open page: no headers, no log line
    headers = response.headers
    for name, value in HEADERS.items():
        if name not in headers:
            headers[name] = value
    headers["X-Request-Id"] = g.get("request_id", "")
    _log(response)
    return response


def _log(response: Response) -> None:
    # The rule, not the path: paths carry tokens.
    fields: dict[str, Any] = {
        "endpoint": request.endpoint or "none",
        "method": request.method,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None,
    }
    log.info("request", **fields)
