"""Everything that the sandbox saw has a reason in the rows; what has none fails the test that caused it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.ledger.about_people import about_people
from tests.support.ledger.about_referrals import about_referrals
from tests.support.ledger.due import Due
from tests.support.ledger.facts import Facts
from tests.support.ledger.kinds import Way
from tests.support.ledger.legs import Legs
from tests.support.ledger.sent import Sent, messages_in

SHOWN = 60


@dataclass(frozen=True)
class Expected:
    """What a test has announced, since it changes rows by hand and no row can explain it."""

    way: Way
    to: str
    words: str
    times: int


def unexplained(state: dict[str, Any], facts: Facts, expected: Sequence[Expected] = ()) -> list[str]:
    """A sentence for each text, mail, push and call that nothing explains. `state` is the sandbox's."""
    seen = messages_in(state, facts)
    due = [*about_referrals(facts, seen, state["calls"]), *about_people(facts)]
    rest = [sent for sent in seen if not _explain(sent, due)]
    extra = [_Extra(one) for one in expected]
    rest = [sent for sent in rest if not any(one.takes(sent) for one in extra)]
    phones = [one.to for one in expected if one.way is Way.CALL for _ in range(one.times)]
    return [_sentence(sent, due, facts) for sent in rest] + Legs(facts, state["calls"], phones).unexplained()


class _Extra:
    def __init__(self, expected: Expected) -> None:
        self._expected, self._left = expected, expected.times

    def takes(self, sent: Sent) -> bool:
        one = self._expected
        fits = self._left > 0 and (one.way, one.to) == (sent.way, sent.to) and one.words in sent.words
        self._left -= fits
        return fits


def _explain(sent: Sent, due: Sequence[Due]) -> bool:
    """Whether something does; it then explains one less, unless the carrier says that this one did not arrive."""
    for one in due:
        if one.times > 0 and one.is_about(sent) and sent.to in one.to and one.in_time(sent):
            one.times -= not sent.may_come_again
            return True
    return False


def _sentence(sent: Sent, due: Sequence[Due], facts: Facts) -> str:
    words = " ".join(sent.words.split())
    shown = words if len(words) <= SHOWN else f"{words[:SHOWN]}…"
    return f"{sent.way} to {facts.who(sent.to)}, {shown!r}: {_why_not(sent, due)}"


def _why_not(sent: Sent, due: Sequence[Due]) -> str:
    if sent.kind is None and sent.way is not Way.ANSWER:
        return "these are the words of no message that we have"
    alike = [one for one in due if one.is_about(sent)]
    theirs = [one for one in alike if sent.to in one.to]
    if not alike:
        return "no row asks for such a message"
    if not theirs:
        return f"{alike[0].because} explains one to {' or '.join(sorted(alike[0].to))}"
    if not any(one.in_time(sent) for one in theirs):
        return f"{theirs[0].because} explains one from {theirs[0].since} to {theirs[0].until}; it came at {sent.at}"
    return f"{theirs[0].because} explains no more than have come before it"
