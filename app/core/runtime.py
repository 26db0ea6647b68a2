"""What every surface needs at hand: settings, signer of links, sealer, queue, limits. Bound by create_app()."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, current_app

from app.config import Settings
from app.core.limits import Limits
from app.core.queue.queues import JobQueue
from app.core.sealed import Sealer
from app.core.tokens import Purpose, TokenSigner

NAME = "dibs"
FOR_GOOD = timedelta(days=36_500)
CALL_LASTS = timedelta(hours=4)
"""At most, by the carrier: so long may something sealed for a call be asked back."""


@dataclass(frozen=True)
class Runtime:
    """What one app is run with."""

    settings: Settings
    signer: TokenSigner
    sealer: Sealer
    """Of what is asked back within hours."""
    vault: Sealer
    """Of what is kept in the database."""
    queue: JobQueue
    limits: Limits

    def link(self, path: str) -> str:
        """An absolute address in the portal; never made from a request's Host."""
        return f"{self.settings.public_url}{path}"


def bind(app: Flask, settings: Settings) -> None:
    """Gives `app` its runtime."""
    app.extensions[NAME] = Runtime(
        settings,
        TokenSigner(settings.secret_keys),
        Sealer(settings.secret_keys, CALL_LASTS),
        Sealer(settings.secret_keys, FOR_GOOD),
        JobQueue(settings.redis_url),
        Limits(settings.redis_url),
    )


def runtime() -> Runtime:
    """The runtime of the app being served."""
    found = current_app.extensions[NAME]
    assert isinstance(found, Runtime)
    return found


__all__ = ["Purpose", "Runtime", "bind", "runtime"]
