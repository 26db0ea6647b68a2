"""Everything the sandbox remembers, in memory, behind one condition: a change wakes those who wait."""

import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox.faults import Behaviour
from sandbox.mail.bounces import Bounce
from sandbox.push.browsers import Browser, PushService
from sandbox.settings import SandboxSettings

PHONE = re.compile(r"\+[1-9]\d{7,14}")
"""E.164, the only form in which the carrier gets numbers here."""


def utc_now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


def new_sid(prefix: str) -> str:
    """A SID as the carrier makes them: two letters and 32 hex digits."""
    return prefix + secrets.token_hex(16)


@dataclass
class Line:
    """One line of what is heard or pressed on a call."""

    who: str
    text: str
    language: str = ""
    """Of a voice, such as en-US."""


@dataclass
class Phone:
    """A handset. `mode` says what it does when it rings: manual, answers, busy, unreachable, voicemail, screening."""

    number: str
    label: str = ""
    mode: str = "manual"
    delivery: str = "delivered"
    """What becomes of an SMS to it: delivered, an error code such as 30003, or refuse:21614: not even taken."""
    opted_out: bool = False


@dataclass
class Message:
    """An SMS, in either direction."""

    sid: str
    to: str
    sender: str
    body: str
    direction: str
    status: str
    segments: int
    created: datetime
    error_code: int | None = None
    valid_seconds: int | None = None
    service_sid: str | None = None
    receipts_url: str | None = None
    by_carrier: bool = False
    """The carrier's own answer to STOP, START or HELP."""


@dataclass
class Mail:
    """An email as it came in over SMTP."""

    id: int
    to: list[str]
    sender: str
    subject: str
    text: str
    html: str
    headers: list[tuple[str, str]]
    received: datetime
    envelope_sender: str = ""
    unsubscribed: int | str | None = None
    """What the one-click unsubscribing was answered, once somebody has clicked."""


class World:
    """The state of the sandbox. Take `changed` to read several things at once, or to change any."""

    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.changed = threading.Condition(threading.RLock())
        self.version = 0
        self.generation = 0
        self._reporting = 0
        self._clear()

    def _clear(self) -> None:
        self.phones: dict[str, Phone] = {}
        self.names: dict[str, str] = {}
        self.calls: dict[str, Any] = {}
        self.recordings: dict[str, Any] = {}
        self.messages: list[Message] = []
        self.mails: list[Mail] = []
        self.bounces: list[Bounce] = []
        self.push = PushService()
        self.receivers: dict[str, Any] = {}
        self.webhooks: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.callbacks: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self.behaviour = Behaviour()
        self.next_slot = 0.0
        self.generation += 1

    def reset(self) -> None:
        """Forgets everything and hangs up on everybody."""
        with self.changed:
            for call in self.calls.values():
                call.hung_up_by = "reset"
            self._clear()
            self.wake()

    def wake(self) -> None:
        """Says that something has changed. The caller holds `changed`."""
        self.version += 1
        self.changed.notify_all()

    def update(self, change: Callable[[], Any]) -> Any:
        """Makes a change under the lock and wakes those who wait."""
        with self.changed:
            result = change()
            self.wake()
            return result

    def reporting(self, change: int) -> None:
        """So many more callbacks are on their way, or, below nought, have arrived or got lost."""
        with self.changed:
            self._reporting += change
            self.wake()

    def error(self, text: str) -> None:
        """Something that the real carrier would not have understood, or silently ignored."""
        self.update(lambda: self.errors.append(text))

    def phone(self, number: str) -> Phone:
        """The handset of a number; one it has not met before is made."""
        with self.changed:
            return self.phones.setdefault(number, Phone(number, self.names.get(number, "")))

    def name_phones(self, names: dict[str, str]) -> None:
        """Whose number is whose: shown on their handsets, also on those that appear later."""
        with self.changed:
            self.names |= names
            for number in names.keys() & self.phones.keys():
                self.phones[number].label = names[number]
            self.wake()

    def wait_newer(self, version: int, seconds: float) -> None:
        """Returns when something has changed since `version`, or the time is over."""
        with self.changed:
            self.changed.wait_for(lambda: self.version > version, timeout=seconds)

    def snapshot(self) -> dict[str, Any]:
        """Everything, as plain values."""
        with self.changed:
            return {
                "version": self.version,
                "reporting": self._reporting,
                "numbers": list(self.settings.numbers),
                "phones": [asdict(phone) for phone in self.phones.values()],
                "calls": [call.snapshot() for call in self.calls.values()],
                "recordings": [
                    {"sid": made.sid, "call_sid": made.call_sid, "seconds": made.seconds}
                    for made in self.recordings.values()
                ],
                "messages": [_plain(asdict(message)) for message in self.messages],
                "mails": [_plain(asdict(mail)) for mail in self.mails],
                "bounces": [asdict(bounce) for bounce in self.bounces],
                "browsers": [self._shown(browser) for browser in self.push.browsers.values()],
                "pushes": [_plain(asdict(push)) for push in self.push.pushes],
                "webhooks": list(self.webhooks),
                "requests": list(self.requests),
                "callbacks": list(self.callbacks),
                "errors": list(self.errors),
                "behaviour": asdict(self.behaviour),
            }

    def _shown(self, browser: Browser) -> dict[str, Any]:
        """All but its private key."""
        shown = {name: getattr(browser, name) for name in ("id", "label", "account", "gone")}
        return {**shown, "subscription": browser.subscription(self.settings.origin)}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
