"""Reads a do-not-call file."""

import csv
from collections.abc import Iterable, Sequence

from app.core.contact import NotUsable, parse_phone


class WrongLines(ValueError):
    """Lines that hold no phone number, by their numbers in the file."""

    def __init__(self, lines: Sequence[int]) -> None:
        super().__init__(f"lines {', '.join(map(str, lines))}")
        self.lines = lines


def phones_in(file: Iterable[str], countries: tuple[str, ...]) -> list[str]:
    """The first column of a CSV, each number once, in E.164. A first line without a digit is a heading.

    Raises WrongLines that names every line with something else in it.
    """
    found: dict[str, None] = {}
    wrong = []
    for number, row in enumerate(csv.reader(file), start=1):
        cell = row[0].strip() if row else ""
        if not cell or (number == 1 and not any(char.isdigit() for char in cell)):
            continue
        try:
            found[parse_phone(cell, countries)] = None
        except NotUsable:
            wrong.append(number)
    if wrong:
        raise WrongLines(wrong)
    return list(found)
