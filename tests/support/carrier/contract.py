"""Is this what Twilio's published description says? And what it does not catch, by hand."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse

DESCRIPTION = Path(__file__).resolve().parents[2] / "contract" / "api_v2010_calls_messages.json"
CALL_EVENTS = {"initiated", "ringing", "answered", "completed"}
HOST = "https://api.twilio.com"
SIGNED_IN = {"Authorization": "Basic eDp5"}
"""Who asks is checked by the sandbox itself."""
NOT_IN_THIS_PART = re.compile(r"/IncomingPhoneNumbers\.json$|/Recordings/RE\w+\.(mp3|json)$")
"""The description here is cut down to calls and messages."""
FORM = "application/x-www-form-urlencoded"


@lru_cache(maxsize=1)
def _description() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def _openapi() -> OpenAPI:
    return OpenAPI.from_dict(_description())


def check_request(method: str, path: str, params: list[list[str]]) -> None:
    """Raises when a request is none that Twilio describes."""
    if method in ("GET", "DELETE") and NOT_IN_THIS_PART.search(path):
        return
    _openapi().validate_request(_request(method, path, params))
    known = _known(method, path)
    for name, value in params:
        assert name in known, f"{path}: Twilio has no parameter {name}"
        if name == "StatusCallbackEvent":
            assert value in CALL_EVENTS, f"{path}: no event {value}"


def check_response(method: str, path: str, params: list[list[str]], status: int, body: str) -> None:
    """Raises when an answer is none that Twilio describes."""
    response = MockResponse(body.encode(), status_code=status, content_type="application/json")
    _openapi().validate_response(_request(method, path, params), response)


def _request(method: str, path: str, params: list[list[str]]) -> MockRequest:
    if method == "GET":
        return MockRequest(HOST, "get", path, args=dict(params), headers=SIGNED_IN)
    data = urlencode([tuple(pair) for pair in params]).encode()
    return MockRequest(HOST, method.lower(), path, data=data, content_type=FORM, headers=SIGNED_IN)


def _known(method: str, path: str) -> set[str]:
    template = _template(path)
    operation = _description()["paths"][template][method.lower()]
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    if "requestBody" in operation:
        names |= set(operation["requestBody"]["content"][FORM]["schema"]["properties"])
    return names


def _template(path: str) -> str:
    parts = path.split("/")
    parts[3] = "{AccountSid}"
    if len(parts) > 5:
        parts[5] = "{Sid}.json"
    return "/".join(parts)
