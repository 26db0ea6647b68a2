"""The words of messages, at the longest address that settings allow. No rows, no processes."""

from collections.abc import Iterator

import pytest

from tests.support.phone.words import Words, words_at_the_longest_address


@pytest.fixture(scope="session")
def words() -> Iterator[Words]:
    with words_at_the_longest_address() as made:
        yield made
