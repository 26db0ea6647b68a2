"""Reads the settings of a process."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.config import values
from app.config.development import development_defaults
from app.config.secrets import Reach
from app.config.settings import Settings

OF_MANY_LINES = frozenset({"CALLING_RULES"})


class SettingsError(Exception):
    """Settings are missing or wrong; `problems` has one line for each, beginning with its name."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings that `environ` holds, or else this process's. Raises SettingsError naming all missing or wrong."""
    problems: list[str] = []
    given = _given(os.environ if environ is None else environ, problems)
    reach = _reach(given)
    if given.get("DIBS_ENV", "development") == "development":
        given = {**development_defaults(with_secrets=reach is Reach.THIS_MACHINE), **given}
    try:
        settings = Settings.model_validate(given, context=reach)
    except ValidationError as error:
        problems += [f"{str(e['loc'][0]).upper()}: {_words(e)}" for e in error.errors()]
    if problems:
        raise SettingsError(sorted(problems))
    return settings


def _reach(given: Mapping[str, str]) -> Reach:
    """Who can come to PUBLIC_URL, whatever DIBS_ENV says: whoever starts us by hand may have left it out."""
    with suppress(ValueError):
        if values.is_loopback(given.get("PUBLIC_URL", "http://localhost")):
            return Reach.THIS_MACHINE
    return Reach.ANYBODY


def _given(env: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    """What is not blank, from the environment and from the files it names."""
    found = {}
    for name in (str(field.alias) for field in Settings.model_fields.values()):
        text, path = env.get(name, ""), env.get(f"{name}_FILE")
        try:
            found[name] = (Path(path).read_text(encoding="utf-8") if path else text).strip()
        except (OSError, UnicodeDecodeError):
            problems.append(f"{name}_FILE: cannot be read")
    lines = {name: text.replace("\n", "") if name in OF_MANY_LINES else text for name, text in found.items()}
    problems += [f"{name}: has a control character in it" for name, text in lines.items() if not text.isprintable()]
    return {name: text for name, text in found.items() if text}


def _words(error: ErrorDetails) -> str:
    return "missing" if error["type"] == "missing" else error["msg"].removeprefix("Value error, ")
