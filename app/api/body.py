"""The JSON of a request, read once and in one way, whoever asks for it."""

import json
from typing import Any

from flask import Request, request
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser


class NotJson(ValueError):
    """The body is no JSON."""


def parsed_body() -> Any:
    """The body; a byte order mark before it is let pass, as Windows tools write one. Raises NotJson."""
    try:
        return json.loads(request.get_data(cache=True).decode("utf-8-sig"))
    except (ValueError, RecursionError):  # brackets in brackets in brackets
        raise NotJson from None


class BodyParser(FlaskParser):
    """What hands a body to its schema."""

    def load_json(self, req: Request, schema: Any) -> Any:
        """The same JSON that the guard has let in."""
        return parsed_body()


class JsonBlueprint(Blueprint):
    """A blueprint whose bodies are read so."""

    ARGUMENTS_PARSER = BodyParser()
