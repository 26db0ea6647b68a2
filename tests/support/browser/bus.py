"""Just enough of D-Bus for one program to talk to one service: messages, as bytes and back.

https://dbus.freedesktop.org/doc/dbus-specification.html
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

FIXED = 16
"""Octets until the length of the header's fields is known."""


class Kind(IntEnum):
    """What a message is."""

    CALL = 1
    RETURN = 2
    ERROR = 3
    SIGNAL = 4


class Field(IntEnum):
    """What a header may say; the type of each is in `FIELD_TYPES`."""

    PATH = 1
    INTERFACE = 2
    MEMBER = 3
    ERROR_NAME = 4
    REPLY_SERIAL = 5
    DESTINATION = 6
    SENDER = 7
    SIGNATURE = 8


FIELD_TYPES = {Field.PATH: "o", Field.REPLY_SERIAL: "u", Field.SIGNATURE: "g"}
Value = str | int | bool | Sequence[str]


@dataclass
class Message:
    """One message. `values` is as much of the body as was asked for."""

    kind: int
    serial: int
    fields: dict[int, str | int] = field(default_factory=dict)
    body: bytes = b""

    @property
    def member(self) -> str:
        return str(self.fields.get(Field.MEMBER, ""))

    def values(self, signature: str) -> list[Value]:
        """The first values of the body: `s`, `u`, or `a` for a list of strings."""
        reader = Reader(self.body)
        return [reader.value(each) for each in signature]


class Reader:
    """Little-endian values, one after another."""

    def __init__(self, data: bytes) -> None:
        self._data, self.at = data, 0

    def align(self, to: int) -> None:
        self.at += -self.at % to

    def octet(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def number(self) -> int:
        self.align(4)
        self.at += 4
        return int(struct.unpack_from("<I", self._data, self.at - 4)[0])

    def text(self, length: int) -> str:
        self.at += length + 1
        return self._data[self.at - length - 1 : self.at - 1].decode()

    def value(self, kind: str) -> Value:
        if kind == "u":
            return self.number()
        if kind == "g":
            return self.text(self.octet())
        if kind in "so":
            return self.text(self.number())
        end = self.number() + self.at
        found = []
        while self.at < end:
            found.append(self.text(self.number()))
        return found


class Writer:
    """The same, the other way round."""

    def __init__(self) -> None:
        self.data = bytearray()

    def align(self, to: int) -> None:
        self.data += bytes(-len(self.data) % to)

    def number(self, value: int) -> None:
        self.align(4)
        self.data += struct.pack("<I", value)

    def value(self, kind: str, value: Value) -> None:
        if kind in "ub":
            assert isinstance(value, int)
            self.number(value)
        elif kind == "a":
            assert not isinstance(value, (str, int))
            texts = Writer()
            for each in value:
                texts.value("s", each)
            self.number(len(texts.data))
            self.data += texts.data
        else:
            assert isinstance(value, str)
            octets = value.encode()
            if kind == "g":
                self.data.append(len(octets))
            else:
                self.number(len(octets))
            self.data += octets + b"\0"


def size(start: bytes) -> int:
    """How long the message is that begins with these 16 octets."""
    body, fields = struct.unpack_from("<I", start, 4)[0], struct.unpack_from("<I", start, 12)[0]
    header = FIXED + int(fields)
    return header + -header % 8 + int(body)


def read(data: bytes) -> Message:
    """A whole message."""
    assert data[:1] == b"l", "a program that speaks big-endian"
    reader = Reader(data)
    reader.at = 8
    message = Message(data[1], reader.number())
    end = reader.number() + FIXED
    while reader.at < end:
        reader.align(8)
        code, kind = reader.octet(), reader.value("g")
        found = reader.value(str(kind))
        assert isinstance(found, (str, int))
        message.fields[code] = found
    reader.align(8)
    message.body = data[reader.at :]
    return message


def written(kind: Kind, serial: int, fields: dict[Field, str | int], signature: str, values: Sequence[Value]) -> bytes:
    """The octets of a message; `signature` spells a list of strings `a`."""
    body, header = Writer(), Writer()
    for each, value in zip(signature, values, strict=True):
        body.value(each, value)
    if signature:
        fields = {**fields, Field.SIGNATURE: signature.replace("a", "as")}
    listed = Writer()
    for code, value in fields.items():
        type_ = FIELD_TYPES.get(code, "s")
        listed.align(8)
        listed.data.append(code)
        listed.value("g", type_)
        listed.value(type_, value)
    header.data += struct.pack("<cBBBIII", b"l", kind, 0, 1, len(body.data), serial, len(listed.data))
    header.data += listed.data
    header.align(8)
    return bytes(header.data + body.data)
