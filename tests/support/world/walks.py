"""Which files the product passes on its four main ways, seen by a profiler while it goes them.

A walk is the files in the order in which they are first entered. A change is a step from one package to another: each
is a door a reader goes through. Where a double of the tests stands in for a provider, its own file is counted.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from types import CodeType, FrameType
from typing import Any
from uuid import UUID

from app.access.api_keys import make_api_key
from app.extensions import db
from app.http import polling
from app.workers.messages.jobs import deliver, dispatcher
from deploy.processes import ROOT
from tests.support.world.in_process import NOON, InProcess
from tests.support.world.loop import awaited

APP = f"{ROOT / 'app'}/"
DOORS = {"place_call": "providers/twilio/client.py", "send": "providers/smtp/mailer.py"}
"""By the methods of doubles: the providers' files they stand in for."""
DOUBLES = ("loose_carrier.py", "in_process.py")
REFERRAL = {
    "kind": "seller",
    "client": {"name": "Maria Delgado", "phone": "+15125557001", "email": "maria@mail.example"},
    "area": {"city": "Austin", "state": "TX", "zip": "78704"},
    "price": {"min": 590_000, "max": 610_000},
}


@dataclass
class Walk:
    """The files of one way through the product, below app/."""

    files: list[str] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """How often it goes from one package to another. The ground, core/, is stood on everywhere, and no door."""
        packages = [file.partition("/")[0] for file in self.files if not file.startswith("core/")]
        return sum(here != there for here, there in pairwise(packages))

    def enter(self, file: str) -> None:
        if file not in self.files:
            self.files.append(file)


@contextmanager
def walking() -> Iterator[Walk]:
    """Notes each file of the product in which a function is entered, in all threads begun from here on."""
    walk = Walk()
    seen: set[CodeType] = set()

    def profile(frame: FrameType, event: str, _argument: Any) -> None:
        code = frame.f_code
        if event != "call" or code in seen:
            return
        seen.add(code)
        if code.co_filename.startswith(APP):
            walk.enter(code.co_filename.removeprefix(APP))
        elif code.co_name in DOORS and code.co_filename.endswith(DOUBLES):
            walk.enter(DOORS[code.co_name])

    threading.setprofile(profile)
    sys.setprofile(profile)
    try:
        yield walk
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]


def all_walks(product: InProcess) -> dict[str, Walk]:
    """Each way, gone a second time: what is made once and kept is no part of it."""
    ways: dict[str, Callable[[InProcess], Walk]] = {
        "A tap": a_tap,
        "Key 1": key_1,
        "A message": a_message,
        "An unchanged poll": a_poll,
    }
    walks = {}
    for name, way in ways.items():
        for _ in range(2):
            product.begin(datetime.now(UTC) if way is a_poll else NOON)  # a poll's tag goes by the database's clock
            try:
                walks[name] = way(product)
            finally:
                product.end()
    return walks


def a_tap(product: InProcess) -> Walk:
    """From the post to the carrier's request, over the queue."""
    offer = _offer(product)
    with walking() as walk:
        product.taps(offer, "call")
        product.does("place", _call(product))
    return walk


def key_1(product: InProcess) -> Walk:
    """From the carrier's webhook to the document that rings the client."""
    product.taps(_offer(product), "call")
    product.does("place", _call(product))
    call = product.carrier.calls[-1]
    call.picks_up()
    call.is_answered()
    product.carrier.waiting.clear()
    with walking() as walk:
        call.press("1")
        answer = call.is_answered()
    assert answer is not None
    assert "<Dial" in answer.body
    return walk


def a_message(product: InProcess) -> Walk:
    """From intake over the API to the mail server: the one mail of an offer to one agent."""
    team = product.network(members=1)
    with product.app.app_context():
        key = make_api_key(db.session(), name="walks")
        db.session.commit()
    product.rows("UPDATE agent SET sms_consent_at = NULL, sms_consent_source = NULL")
    client = product.app.test_client(use_cookies=False)
    body = {**REFERRAL, "team_id": str(team)}
    with product.app.app_context():
        product.app.extensions.pop("dispatcher", None)  # a fresh one's threads are seen
        dispatcher()
    with walking() as walk:
        client.post("/api/v1/referrals", json=body, headers={"Authorization": f"Bearer {key}"})
        with product.app.app_context():
            deliver()
    return walk


def a_poll(product: InProcess) -> Walk:
    """From the request of an open page to its 304."""
    link = product.link(_offer(product))
    page = product.app.test_client(use_cookies=False)
    tag = page.get(f"{link}/panel").headers["HX-PTag"]
    polls = product.app.extensions[polling.NAME]
    with walking() as walk:
        assert awaited(polls.is_unchanged("GET", f"{link}/panel", tag))
    return walk


def _offer(product: InProcess) -> UUID:
    return product.refers(product.network(members=2))[0]


def _call(product: InProcess) -> UUID:
    found: UUID = product.rows("SELECT id FROM call ORDER BY id DESC LIMIT 1")[0]["id"]
    return found
