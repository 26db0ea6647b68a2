"""What every REST request meets: the account's credentials, the misbehaviour asked for, and a record of it."""

import time
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, request

from sandbox.callbacks import Poster
from sandbox.rest.errors import api_error
from sandbox.voice.runner import Runner
from sandbox.world import World

blueprint = Blueprint("rest", __name__, url_prefix="/2010-04-01/Accounts/<account>")

VANISHED_SECONDS = 20.0
WHOLE_NUMBERS = frozenset({"Timeout", "MachineDetectionTimeout"})
CODES = {400: 20001, 429: 20429, 500: 20500, 503: 20500}


def world() -> World:
    """The state of this sandbox."""
    found = current_app.extensions["world"]
    assert isinstance(found, World)
    return found


def runner() -> Runner:
    """What runs its calls."""
    found = current_app.extensions["runner"]
    assert isinstance(found, Runner)
    return found


def poster() -> Poster:
    """What posts to the product."""
    found = current_app.extensions["poster"]
    assert isinstance(found, Poster)
    return found


@blueprint.url_value_preprocessor
def _account(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        values.pop("account", None)


@blueprint.before_request
def _check() -> Response | None:
    settings, behaviour = world().settings, world().behaviour
    given = request.authorization
    account = request.path.split("/")[3]
    if given is None or (given.username, given.password) != (settings.account_sid, settings.auth_token):
        return api_error(20003)
    if account != settings.account_sid:
        return api_error(20404)
    if behaviour.slow:
        time.sleep(behaviour.slow)
    if request.method == "POST" and behaviour.rest_errors:
        with world().changed:
            status = behaviour.rest_errors.pop(0)
        return api_error(CODES.get(status, 20500), status)
    return None


@blueprint.after_request
def _record(response: Response) -> Response:
    source = request.form if request.method == "POST" else request.args
    entry = {
        "method": request.method,
        "path": request.path,
        "params": [[name, value] for name, values in source.lists() for value in values],
        "status": response.status_code,
    }
    world().update(lambda: world().requests.append(entry))
    return response


def vanish() -> None:
    """It was taken, and the answer does not arrive before the other side has stopped waiting."""
    with world().changed:
        if world().behaviour.vanish <= 0:
            return
        world().behaviour.vanish -= 1
    time.sleep(VANISHED_SECONDS)


def check_names(known: frozenset[str]) -> None:
    """The real API ignores what it does not know; here it is an error one can see."""
    for name, value in request.form.items():
        if name in WHOLE_NUMBERS and not value.isdigit():
            world().error(f"{request.path.rpartition('/')[2]}: {name} {value!r} is not a whole number")
        if name not in known:
            world().error(f"{request.path.rpartition('/')[2]}: unknown parameter {name}")


def page_of(name: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    """One page of a list as the API gives it."""
    size = min(request.args.get("PageSize", 50, type=int), 1000)
    page = request.args.get("Page", 0, type=int)
    start = page * size
    shown = items[start : start + size]
    return {
        name: shown,
        "page": page,
        "page_size": size,
        "start": start,
        "end": max(start, start + len(shown) - 1),
        "first_page_uri": _page_uri(0, size),
        "next_page_uri": _page_uri(page + 1, size) if start + size < len(items) else None,
        "previous_page_uri": _page_uri(page - 1, size) if page else None,
        "uri": _page_uri(page, size),
    }


def _page_uri(page: int, size: int) -> str:
    kept = {name: value for name, value in request.args.items() if name not in ("Page", "PageSize")}
    return f"{request.path}?{urlencode({**kept, 'PageSize': size, 'Page': page})}"
