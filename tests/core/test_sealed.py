"""Words sealed for an address."""

from datetime import timedelta

import time_machine

from app.core.sealed import Sealer

OLD, NEW = b"the old key of a network", b"the new key of a network"
HOUR = timedelta(hours=1)


def test_what_was_sealed_is_read_by_us_alone() -> None:
    sealed = Sealer((OLD,), HOUR).seal("4265")
    assert Sealer((OLD,), HOUR).open(sealed) == "4265"
    assert Sealer((NEW,), HOUR).open(sealed) is None
    assert "4265" not in sealed


def test_a_key_that_has_been_rotated_still_opens() -> None:
    assert Sealer((NEW, OLD), HOUR).open(Sealer((OLD,), HOUR).seal("4265")) == "4265"


def test_nothing_else_opens() -> None:
    sealer = Sealer((OLD,), HOUR)
    assert [sealer.open(words) for words in ("", "4265", "é", sealer.seal("4265")[:-2])] == [None] * 4


def test_it_lasts_as_long_as_it_may() -> None:
    sealer = Sealer((OLD,), HOUR)
    with time_machine.travel("2026-11-26 12:00Z", tick=False) as clock:
        sealed = sealer.seal("4265")
        clock.shift(HOUR + timedelta(seconds=1))
        assert sealer.open(sealed) is None
