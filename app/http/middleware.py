"""What holds for every request: an id, a log line, security headers, nothing too large, and no forged posts."""

import time
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import structlog
from flask import Flask, Response, abort, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Settings
from app.core.actor import ACTOR, NOBODY, Actor, Via
from app.core.logs import begin_request
from app.core.metrics import REQUEST_SECONDS
from app.core.runtime import runtime
from app.http.bodies import refuse_what_is_too_large

log = structlog.get_logger()

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORGERY_PROOF = frozenset({"api", "hooks", "mail_hooks"})
"""Blueprints that carry no cookie: each request proves itself by a key or a signature."""
ONE_CLICK = "web.unsubscribe"
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; "
    "connect-src 'self'; frame-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HSTS = "max-age=31536000"
"""A browser that was here once comes by https for a year."""
VISITOR = Actor(Via.PAGES)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Referrer-Policy": "strict-origin",  # an address of ours may be a key: proxies log the referrer
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


def register_request_hooks(app: Flask, settings: Settings) -> None:
    """Adds them to `app`."""
    app.before_request(_begin)
    app.teardown_request(_end)
    app.before_request(refuse_what_is_too_large)
    app.before_request(_refuse_forgery)
    app.after_request(_finish)
    if settings.is_secure:
        app.after_request(_only_https)
    if settings.trusted_proxies:
        # The address that the outermost of our own proxies saw; whatever a visitor claims stands before it.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0)  # type: ignore[method-assign]


def _begin() -> None:
    g.began = time.perf_counter()
    ACTOR.set(VISITOR)
    g.request_id = begin_request(request.headers.get("X-Request-Id"))


def _end(_error: BaseException | None) -> None:
    ACTOR.set(NOBODY)  # who comes next on this thread is somebody else


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
        abort(HTTPStatus.FORBIDDEN)


def _is_one_click() -> bool:
    """A mail provider's post, for somebody who tapped its own "Unsubscribe" (RFC 8058, 3.2).

    It has neither Origin nor cookie: the signed token in its address is the proof. A browser's form has an Origin.
    """
    if request.endpoint != ONE_CLICK or "Origin" in request.headers:
        return False
    return request.form.get("List-Unsubscribe") == "One-Click"


def _same_origin(origin: str | None) -> bool:
    ours = urlsplit(runtime().settings.public_url)
    return origin is not None and origin.lower() == f"{ours.scheme}://{ours.netloc}".lower()


def _finish(response: Response) -> Response:
    if "began" in g:
        took = REQUEST_SECONDS.labels(request.endpoint or "none", response.status_code)
        took.observe(time.perf_counter() - g.began)
    if response.status_code == HTTPStatus.NOT_MODIFIED:
        return response  # a poll that found nothing new, once a second from every open page: no headers, no log line
    headers = response.headers
    for name, value in HEADERS.items():
        if name not in headers:
            headers[name] = value
    if "Location" in headers:
        headers["Location"] = _here(headers["Location"])
    headers["X-Request-Id"] = g.get("request_id", "")
    _log(response)
    return response


def _only_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = HSTS
    return response


def _here(location: str) -> str:
    """A redirect of ours stays here: it names no host and no scheme, which a visitor or a proxy may have said."""
    parts = urlsplit(location)
    return urlunsplit(("", "", "/" + parts.path.lstrip("/\\"), parts.query, parts.fragment))


def _log(response: Response) -> None:
    # The rule, not the path: paths carry tokens. Ids say who asked, and name nobody.
    fields: dict[str, Any] = {
        "endpoint": request.endpoint or "none",
        "method": request.method,
        "status": response.status_code,
        "account_id": str(g.account_id) if "account_id" in g else None,
        "api_key_id": str(g.api_key_id) if "api_key_id" in g else None,
        "ms": round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None,
    }
    log.info("request", **fields)
