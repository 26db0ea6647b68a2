"""A desktop that shows notifications: what Chromium on Linux talks to, so that a tap is a tap and no script.

It is the session bus and the notification service on it, both (https://specifications.freedesktop.org/notification-spec/).
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageType, Parser, new_error, new_method_return, new_signal

from tests.support.world.waiting import eventually

SERVICE, OBJECT = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
SCREEN = DBusAddress(OBJECT, interface=SERVICE)
OWNER, BUS = ":1.0", "org.freedesktop.DBus"
CAPABILITIES = ["actions", "body", "persistence"]
UNKNOWN = "org.freedesktop.DBus.Error.ServiceUnknown"
Answer = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True)
class OnScreen:
    """A notification, with what each of its buttons is called inside."""

    id: int
    title: str
    body: str
    buttons: dict[str, str]


class Desktop:
    """Its bus is at `address`."""

    def __init__(self, folder: Path) -> None:
        self.address = f"unix:path={folder / 'bus'}"
        self._screen: dict[int, OnScreen] = {}
        self._coming: list[OnScreen] = []
        self._programs: list[Program] = []
        self._made = 0
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / "bus"))
        self._listening.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def shows(self, title: str) -> OnScreen:
        """Waits for a notification."""
        return eventually(
            lambda: next((each for each in [*self._screen.values()] if each.title == title), None),
            f"{title!r} on screen",
        )

    def taps(self, shown: OnScreen, button: str = "") -> None:
        """A finger on a button, or on the notification itself."""
        key = shown.buttons[button] if button else "default"
        for program in self._programs:
            with suppress(OSError):  # some connections were only for a question
                program.signal("ActionInvoked", "us", (shown.id, key))

    def is_empty(self) -> bool:
        return not self._screen

    def close(self) -> None:
        self._listening.close()
        for program in self._programs:
            program.close()

    def answer(self, call: Message) -> Answer | None:
        """What is returned to a call; None: there is no such thing here."""
        member = call.header.fields[HeaderFields.member]
        answers: dict[str, Callable[[], Answer]] = {
            "Hello": lambda: ("s", (f":1.{len(self._programs)}",)),
            "AddMatch": lambda: ("", ()),
            "RemoveMatch": lambda: ("", ()),
            "NameHasOwner": lambda: ("b", (call.body == (SERVICE,),)),
            "GetCapabilities": lambda: ("as", (CAPABILITIES,)),
            "GetServerInformation": lambda: ("ssss", ("desktop", "tests", "1", "1.2")),
            "Notify": lambda: ("u", (self._show(*call.body),)),
            "CloseNotification": lambda: self._take_away(*call.body),
        }
        if member in ("GetNameOwner", "StartServiceByName"):
            known = call.body[0] == SERVICE
            return (("s", (OWNER,)) if member == "GetNameOwner" else ("u", (2,))) if known else None
        return answers[member]() if member in answers else None

    def draw(self) -> None:
        """What a program knows the number of can be seen, and so be tapped."""
        while self._coming:
            shown = self._coming.pop()
            self._screen[shown.id] = shown

    def _show(
        self, _app: str, replaced: int, _icon: str, title: str, body: str, actions: list[str], *_more: Any
    ) -> int:
        self._made += 1
        buttons = dict(zip(actions[1::2], actions[::2], strict=True))
        shown = OnScreen(replaced or self._made, title, body, buttons)
        self._coming.append(shown)
        return shown.id

    def _take_away(self, id_: int) -> Answer:
        self._screen.pop(id_, None)
        return "", ()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            program = Program(connection, self)
            self._programs.append(program)
            threading.Thread(target=program.serve, daemon=True).start()


class Program:
    """One connection of Chromium's."""

    def __init__(self, connection: socket.socket, desktop: Desktop) -> None:
        self._connection, self._desktop = connection, desktop
        self._stream = connection.makefile("rb")
        self._writing = threading.Lock()
        self._serial = 0

    def serve(self) -> None:
        """Lets it in, and answers its calls until it leaves."""
        parser = Parser()
        try:
            self._let_in()
            while octets := self._stream.read1():
                for message in parser.feed(octets):
                    if message.header.message_type is MessageType.method_call:
                        self._return(message)
        except (OSError, ValueError):
            self.close()

    def signal(self, member: str, signature: str, values: tuple[Any, ...]) -> None:
        """Something has happened on the screen."""
        self._send(new_signal(SCREEN, member, signature, values), OWNER)

    def close(self) -> None:
        self._connection.close()

    def _let_in(self) -> None:
        self._stream.read(1)
        while (line := self._stream.readline()) != b"BEGIN\r\n":
            if not line:
                raise OSError("left")
            answer = b"OK 0123456789abcdef0123456789abcdef" if line.startswith(b"AUTH EXTERNAL") else b"ERROR"
            self._connection.sendall(answer + b"\r\n")

    def _return(self, call: Message) -> None:
        answer = self._desktop.answer(call)
        sender = OWNER if call.header.fields.get(HeaderFields.interface) == SERVICE else BUS
        self._send(new_error(call, UNKNOWN) if answer is None else new_method_return(call, *answer), sender)
        self._desktop.draw()

    def _send(self, message: Message, sender: str) -> None:
        message.header.fields[HeaderFields.sender] = sender
        with self._writing:
            self._serial += 1
            self._connection.sendall(message.serialise(self._serial))
