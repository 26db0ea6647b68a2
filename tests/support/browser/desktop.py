"""A desktop that shows notifications: what Chromium on Linux talks to, so that a tap is a tap and no script.

It is the session bus and the notification service on it, both (https://specifications.freedesktop.org/notification-spec/).
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.browser.bus import FIXED, Field, Kind, Message, Value, read, size, written
from tests.support.world.waiting import eventually

SERVICE, OBJECT = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
OWNER = ":1.0"
CAPABILITIES = ("actions", "body", "persistence")
UNKNOWN = "org.freedesktop.DBus.Error.ServiceUnknown"
Answer = tuple[str, list[Value]]


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
                program.signal("ActionInvoked", "us", [shown.id, key])

    def is_empty(self) -> bool:
        return not self._screen

    def close(self) -> None:
        self._listening.close()
        for program in self._programs:
            program.close()

    def answer(self, call: Message) -> Answer | None:
        """What is returned to a call; None: there is no such thing here."""
        answers: dict[str, Callable[[], Answer]] = {
            "Hello": lambda: ("s", [f":1.{len(self._programs)}"]),
            "AddMatch": lambda: ("", []),
            "RemoveMatch": lambda: ("", []),
            "NameHasOwner": lambda: ("b", [call.values("s") == [SERVICE]]),
            "GetCapabilities": lambda: ("a", [CAPABILITIES]),
            "GetServerInformation": lambda: ("ssss", ["desktop", "tests", "1", "1.2"]),
            "Notify": lambda: ("u", [self._show(call)]),
            "CloseNotification": lambda: self._take_away(call),
        }
        if call.member in ("GetNameOwner", "StartServiceByName"):
            known = call.values("s") == [SERVICE]
            return (("s", [OWNER]) if call.member == "GetNameOwner" else ("u", [2])) if known else None
        return answers[call.member]() if call.member in answers else None

    def draw(self) -> None:
        """What a program knows the number of can be seen, and so be tapped."""
        while self._coming:
            shown = self._coming.pop()
            self._screen[shown.id] = shown

    def _show(self, call: Message) -> int:
        _, replaced, _, title, body, actions = call.values("susssa")
        assert isinstance(replaced, int)
        assert not isinstance(actions, (str, int))
        self._made += 1
        buttons = dict(zip(actions[1::2], actions[::2], strict=True))
        shown = OnScreen(replaced or self._made, str(title), str(body), buttons)
        self._coming.append(shown)
        return shown.id

    def _take_away(self, call: Message) -> Answer:
        (id_,) = call.values("u")
        assert isinstance(id_, int)
        self._screen.pop(id_, None)
        return "", []

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
        try:
            self._let_in()
            while start := self._stream.read(FIXED):
                message = read(start + self._stream.read(size(start) - FIXED))
                if message.kind == Kind.CALL:
                    self._return(message)
        except (OSError, ValueError):
            self.close()

    def signal(self, member: str, signature: str, values: list[Value]) -> None:
        """Something has happened on the screen."""
        fields = {Field.PATH: OBJECT, Field.INTERFACE: SERVICE, Field.MEMBER: member, Field.SENDER: OWNER}
        self._send(Kind.SIGNAL, dict(fields), signature, values)

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
        sender = OWNER if call.fields.get(Field.INTERFACE) == SERVICE else "org.freedesktop.DBus"
        fields: dict[Field, str | int] = {Field.REPLY_SERIAL: call.serial, Field.SENDER: sender}
        if answer is None:
            self._send(Kind.ERROR, {**fields, Field.ERROR_NAME: UNKNOWN}, "", [])
        else:
            self._send(Kind.RETURN, fields, *answer)
        self._desktop.draw()

    def _send(self, kind: Kind, fields: dict[Field, str | int], signature: str, values: list[Value]) -> None:
        with self._writing:
            self._serial += 1
            self._connection.sendall(written(kind, self._serial, fields, signature, values))
