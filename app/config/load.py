"""Reads the settings of a process."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.config.checks import problems_of
from app.config.settings import Settings


class SettingsError(Exception):
    """Settings are missing or wrong; `problems` has one line for each, beginning with its name."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """The settings of this process. Raises SettingsError naming every missing or wrong one."""
    env = dict(os.environ if environ is None else environ)
    problems: list[str] = []
    given = {**_from_files(env, problems), **overrides}
    try:
        settings = _build(env, given)
    except ValidationError as error:
        problems += [f"{str(e['loc'][0]).upper()}: {_plain(e['msg'])}" for e in error.errors()]
        raise SettingsError(sorted(problems)) from None
    problems += problems_of(settings)
    if problems:
        raise SettingsError(sorted(set(problems)))
    return settings


def _build(env: Mapping[str, str], given: dict[str, Any]) -> Settings:
    names = {name.upper(): name for name in Settings.model_fields}
    values = {names[key]: value for key, value in env.items() if key in names and value.strip()}
    return Settings.model_validate({**values, **given})


def _from_files(env: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    found = {}
    for name in Settings.model_fields:
        path = env.get(f"{name.upper()}_FILE")
        if not path:
            continue
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except OSError:
            problems.append(f"{name.upper()}_FILE: cannot be read")
    return found


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")
