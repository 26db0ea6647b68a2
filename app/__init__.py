"""Dibs: introduces clients who are buying or selling a home to agents, by phone, in under a minute."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """The product. Raises SettingsError when it cannot run with these settings.

    Imported only here: the sandbox lives in this package too, and must not load any of it.
    """
    from app.factory import build

    return build(settings)
