"""The whole product as one WSGI app: extensions, then each blueprint beside the guard that protects it."""

from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

from app import extensions
from app.admin import blueprint as admin
from app.api import blueprint as api
from app.api.plain import PlainApi
from app.cli import register_commands
from app.config import Settings, load_settings
from app.core import ground
from app.core.locks import CONNECTION_OPTIONS
from app.core.logs import configure_logs
from app.hooks import blueprint as hooks
from app.hooks.mail import blueprint as mail_hooks
from app.web import blueprint as web
from app.web import session
from app.web.display import register_display
from app.web.errors import register_error_pages
from app.web.requests import register_request_hooks
from app.web.static import STATIC_DIR, register_static

LARGEST_BODY = 1024 * 1024
POOL_SIZE = 16


def build(settings: Settings | None) -> Flask:
    """The whole product as one WSGI app. Raises SettingsError when it cannot run with these settings."""
    settings = settings or load_settings()
    configure_logs()
    app = Flask(__name__, static_folder=None, template_folder="../templates")
    app.config.update(_flask_config(settings))
    ground.bind(app, settings)
    _bind_extensions(app)

    register_request_hooks(app)
    register_error_pages(app)
    register_display(app)
    prefix = register_static(app)
    # Each blueprint brings the guard that protects it.
    app.register_blueprint(web)  # claim page by signed link, portal by sign-in
    app.register_blueprint(admin, url_prefix="/admin")  # admins only
    app.register_blueprint(hooks, url_prefix="/hooks/twilio")  # the carrier's signature
    app.register_blueprint(mail_hooks, url_prefix="/hooks/mail")  # MAIL_HOOK_KEY
    PlainApi(app).register_blueprint(api, url_prefix="/api/v1")  # an API key
    register_commands(app)

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=STATIC_DIR, prefix=prefix, immutable_file_test=lambda _path, _url: True
    )
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_keys[0],
        "SECRET_KEY_FALLBACKS": list(settings.secret_keys[1:]),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": POOL_SIZE,
            "max_overflow": POOL_SIZE,
            "pool_timeout": 5,
            "hide_parameters": True,  # errors are logged, and the parameters are people's phones and texts
            "connect_args": {"connect_timeout": 5, "application_name": "dibs", "options": CONNECTION_OPTIONS},
        },
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": LARGEST_BODY,
        "SESSION_COOKIE_SECURE": settings.public_url.startswith("https://"),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "dibs",
        "API_TITLE": "Dibs",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
    }


def _bind_extensions(app: Flask) -> None:
    extensions.db.init_app(app)
    extensions.migrate.init_app(app, extensions.db)
    extensions.login.init_app(app)
    extensions.htmx.init_app(app)
    session.register(extensions.login)
    app.session_interface = session.SignedCookie(app)
