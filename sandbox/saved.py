"""Texts, mails, phones and push messages, kept between two runs of the demo."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.mail.bounces import Bounce
from sandbox.push.browsers import Browser, Push, PushService
from sandbox.world import Mail, Message, Phone, World


def save(world: World, path: Path) -> None:
    """Writes what a second start should find again."""
    kept = {
        "phones": [asdict(phone) for phone in world.phones.values()],
        "messages": [asdict(message) for message in world.messages],
        "mails": [asdict(mail) for mail in world.mails],
        "bounces": [asdict(bounce) for bounce in world.bounces],
        "browsers": [asdict(browser) for browser in world.push.browsers.values()],
        "pushes": [asdict(push) for push in world.push.pushes],
    }
    path.write_text(json.dumps(kept, default=str), encoding="utf-8")


def load_kept(world: World, path: Path) -> None:
    """Brings it back. A file that cannot be read is as good as none."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        phones = [Phone(**values) for values in kept["phones"]]
        messages = [Message(**_moment(values, "created")) for values in kept["messages"]]
        mails = [Mail(**_moment(values, "received")) for values in kept["mails"]]
        bounces = [Bounce(**values) for values in kept.get("bounces", [])]  # none in a file of an older release
        browsers = [Browser(**values) for values in kept.get("browsers", [])]
        pushes = [Push(**_moment(values, "received")) for values in kept.get("pushes", [])]
    except (OSError, ValueError, KeyError, TypeError):
        return
    with world.changed:
        world.phones = {phone.number: phone for phone in phones}
        world.messages, world.mails, world.bounces = messages, mails, bounces
        world.push = PushService({browser.id: browser for browser in browsers}, pushes)
        world.wake()


def _moment(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {**values, name: datetime.fromisoformat(values[name])}
