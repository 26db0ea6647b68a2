"""The rate of a sending number: whatever comes when, the provider is never asked for more than it takes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.notifications.throttle import BURST, allowance_at

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
Asked = tuple[float, int]
"""So many seconds after the last time somebody wants to send so many."""

asked = st.lists(st.tuples(st.floats(0, 3, allow_nan=False), st.integers(0, 30)), max_size=40)


def sent(per_second: float, wishes: list[Asked]) -> list[datetime]:
    """The moment of each text that may go."""
    at, next_at, moments = AT, AT, []
    for pause, wanted in wishes:
        at += timedelta(seconds=pause)
        pace = allowance_at("+15125550101", next_at=next_at, per_second=per_second, at=at)
        texts = min(wanted, pace.allows)
        if texts:
            next_at = pace.after(texts)
        moments += [at] * texts
    return moments


@given(st.sampled_from([0.1, 1.0, 3.0, 10.0, 100.0]), asked)
def test_no_window_has_more_than_the_rate_and_what_was_saved_up(per_second: float, wishes: list[Asked]) -> None:
    moments = sent(per_second, wishes)
    for i, first in enumerate(moments):
        for n, last in enumerate(moments[i:], start=1):
            window = last - first + BURST
            assert n <= per_second * window.total_seconds() + 1.001


@given(st.sampled_from([1.0, 3.0, 10.0]))
def test_who_asks_often_enough_gets_the_whole_rate(per_second: float) -> None:
    seconds = 10
    moments = sent(per_second, [(0.05, 30)] * (seconds * 20))
    assert len(moments) >= per_second * seconds - 1


def test_the_first_text_goes_at_once() -> None:
    assert sent(0.1, [(0, 5)]) == [AT]
