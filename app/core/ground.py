"""What every surface needs at hand: the settings, the signer of links, the queue, the limits. Bound by create_app()."""

from dataclasses import dataclass

from flask import Flask, current_app

from app.config import Settings
from app.core.limits import Limits
from app.core.queue import JobQueue
from app.core.tokens import Purpose, TokenSigner

NAME = "dibs"


@dataclass(frozen=True)
class Ground:
    """The ground one app stands on."""

    settings: Settings
    signer: TokenSigner
    queue: JobQueue
    limits: Limits

    def link(self, path: str) -> str:
        """An absolute address in the portal; never made from a request's Host."""
        return f"{self.settings.public_url}{path}"


def bind(app: Flask, settings: Settings) -> None:
    """Gives `app` its ground."""
    app.extensions[NAME] = Ground(
        settings, TokenSigner(settings.secret_keys), JobQueue(settings.redis_url), Limits(settings.redis_url)
    )


def ground() -> Ground:
    """The ground of the app being served."""
    found = current_app.extensions[NAME]
    assert isinstance(found, Ground)
    return found


__all__ = ["Ground", "Purpose", "bind", "ground"]
