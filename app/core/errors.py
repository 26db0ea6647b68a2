"""Errors that cross layers. Each says what a caller can do about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field; `field` is a dotted path such as `client.phone`."""

    field: str
    message: str


class InvalidInput(Exception):
    """Input that cannot be taken. Nothing was written; each wrong field is named once."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__(", ".join(error.field for error in errors))
        self.errors = errors


class NotFound(Exception):
    """There is no such thing, or the asker may not know of it."""


class LockTimeout(Exception):
    """A row lock was not to be had in time. Nothing was written; asking again is safe."""


class ProviderError(Exception):
    """A provider did not do what it was asked. `code` is the provider's own, for the timeline."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class Retryable(ProviderError):
    """Certainly not done; doing it again later may work (refused connection, 429)."""

    def __init__(self, code: str, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(code, message)
        self.retry_after = retry_after


class Permanent(ProviderError):
    """Certainly not done, and never will be (bad number, opted out). `kills`: why the channel is dead, if it is."""

    def __init__(self, code: str, message: str = "", *, kills: str | None = None) -> None:
        super().__init__(code, message)
        self.kills = kills


class Unknown(ProviderError):
    """It may have been done: the answer was lost (time-out, 5xx). Look it up, never just repeat it."""
