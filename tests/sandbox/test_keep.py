"""What the sandbox knew at its end it knows again at its next start."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sandbox.account import OURS, PHONE, client
from tests.sandbox.conftest import environment, up
from tests.sandbox.sender import Sender
from tests.support.carrier.carrier import Carrier
from tests.support.world.ports import free_port
from tests.support.world.product import Process
from tests.support.world.waiting import eventually

pytestmark = pytest.mark.process


@contextmanager
def run(env: dict[str, str], log: Path) -> Iterator[Carrier]:
    """One run, from start to a polite end."""
    carrier = Carrier(f"http://127.0.0.1:{env['SANDBOX_PORT']}")
    sandbox = Process([sys.executable, "-m", "sandbox"], env, log)
    sandbox.start()
    eventually(lambda: up(carrier), "the sandbox")
    yield carrier
    sandbox.stop()


def test_phones_texts_browsers_and_pushes_are_kept(tmp_path: Path) -> None:
    kept = tmp_path / "sandbox.json"
    env = {**environment("http://127.0.0.1:9", free_port()), "SANDBOX_STATE": str(kept)}
    sender = Sender()
    with run(env, tmp_path / "log") as carrier:
        carrier.act("names", **{PHONE: "Sam Ortiz"})
        client(carrier).messages.create(to=PHONE, from_=OURS, body="Hello")
        phone = carrier.subscriber("Sam Ortiz", account=PHONE, server_key=sender.key)
        sender.webpush(phone.subscription, json.dumps({"title": "Before"}))
        before = carrier.state()
    with run(env, tmp_path / "log") as carrier:
        after = carrier.state()
        for name in ("phones", "browsers", "pushes"):
            assert after[name] == before[name]
        assert [text["body"] for text in after["messages"]] == ["Hello"]
        sender.webpush(phone.subscription, json.dumps({"title": "After"}))
        assert [push.payload["title"] for push in phone.pushes()] == ["Before", "After"]


def test_a_file_of_a_release_without_browsers_still_has_its_phones(tmp_path: Path) -> None:
    kept = tmp_path / "sandbox.json"
    phone = {"number": PHONE, "label": "Sam Ortiz", "mode": "manual", "delivery": "delivered", "opted_out": False}
    kept.write_text(json.dumps({"phones": [phone], "messages": [], "mails": []}))
    env = {**environment("http://127.0.0.1:9", free_port()), "SANDBOX_STATE": str(kept)}
    with run(env, tmp_path / "log") as carrier:
        assert [shown["label"] for shown in carrier.state()["phones"]] == ["Sam Ortiz"]
