"""Dibs: introduces clients who are buying or selling a home to agents, by phone, in under a minute.

`create_app()` makes the product as one WSGI app: extensions, then each blueprint beside the guard that protects it.
"""

from typing import Any

from flask import Flask

from app import extensions, models  # noqa: F401  (all tables, and all kinds of message)
from app.access.sign_in import SESSION_LIFETIME
from app.admin import blueprint as admin
from app.api import blueprint as api
from app.api.smorest import PlainApi
from app.cli import register_commands
from app.config import Settings, load_settings
from app.core import runtime
from app.core.database import connections
from app.core.language import register_languages
from app.core.logs import configure_logs
from app.hooks.mail import blueprint as mail_hooks
from app.hooks.twilio import blueprint as hooks
from app.http import session
from app.http.bodies import LARGEST_OF_SOFTWARE
from app.http.errors import register_error_pages
from app.http.filters import register_filters
from app.http.health import blueprint as health
from app.http.language import language_of_request
from app.http.middleware import register_request_hooks
from app.http.static import register_static
from app.web import blueprint as web
from app.web.claim.page import answer_unchanged


def create_app(settings: Settings | None = None) -> Flask:
    """The whole product as one WSGI app. Raises SettingsError when it cannot run with these settings."""
    settings = settings or load_settings()
    configure_logs()
    app = Flask(__name__, static_folder=None, template_folder="../templates")
    app.config.update(_flask_config(settings))
    runtime.bind(app, settings)
    connections.bind(app, settings)
    _bind_extensions(app)

    register_request_hooks(app, settings)
    register_error_pages(app)
    register_languages(app, language_of_request)
    register_filters(app)
    register_static(app)
    answer_unchanged(app)
    # Each blueprint brings the guard that protects it.
    app.register_blueprint(health)  # anybody: /healthz and /readyz
    app.register_blueprint(web)  # claim page by signed link, portal by sign-in
    app.register_blueprint(admin, url_prefix="/admin")  # admins only
    app.register_blueprint(hooks, url_prefix="/hooks/twilio")  # the carrier's signature
    app.register_blueprint(mail_hooks, url_prefix="/hooks/mail")  # MAIL_HOOK_KEY
    PlainApi(app).register_blueprint(api, url_prefix="/api/v1")  # an API key
    register_commands(app)
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_keys[0],
        "SECRET_KEY_FALLBACKS": list(settings.secret_keys[1:]),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": connections.engine_options(settings),
        "MAX_CONTENT_LENGTH": LARGEST_OF_SOFTWARE,  # and less of most, which bodies.py says
        "MAX_FORM_MEMORY_SIZE": LARGEST_OF_SOFTWARE,
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # A browser takes a name with this prefix only over https, for this host alone.
        "SESSION_COOKIE_NAME": "__Host-dibs" if settings.is_secure else "dibs",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": SESSION_LIFETIME,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "API_TITLE": "Dibs",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
    }


def _bind_extensions(app: Flask) -> None:
    extensions.migrate.init_app(app, extensions.db)
    extensions.login.init_app(app)
    extensions.htmx.init_app(app)
    session.register(extensions.login)
    app.session_interface = session.SignedCookie(app)
