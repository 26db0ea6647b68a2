"""The words of the client's page, in English and Spanish."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from app.core.formats import time_to_call
from app.web import blueprint

FILE = Path(__file__).with_name("words.toml")
LANGUAGES = {"en": "English", "es": "Español"}


@dataclass(frozen=True)
class Words:
    """The words of one language; `say` fills in the names."""

    language: str

    def say(self, key: str, **names: str) -> str:
        """The phrase `key`."""
        return table()[self.language][key].format(**names)

    @property
    def other(self) -> str:
        """The language the page can be switched to."""
        return next(language for language in LANGUAGES if language != self.language)

    def time(self, at: datetime, zone: str) -> str:
        """When a call is booked for."""
        return time_to_call(at, zone, self.language)

    def days(self, times: tuple[datetime, ...], zone: str) -> dict[str, list[tuple[str, str]]]:
        """Times by day, each as its value and what is shown."""
        found: dict[str, list[tuple[str, str]]] = {}
        for at in times:
            day, _, hour = self.time(at, zone).rpartition(", ")
            found.setdefault(day, []).append((at.astimezone(ZoneInfo("UTC")).isoformat(), hour))
        return found


@blueprint.app_template_filter()
def unbroken(number: str) -> str:
    """A phone number that no line break tears apart."""
    return number.replace(" ", "\N{NO-BREAK SPACE}").replace("-", "\N{NON-BREAKING HYPHEN}")


@lru_cache(maxsize=1)
def table() -> dict[str, dict[str, str]]:
    """All phrases, by language and key."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
