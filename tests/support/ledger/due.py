"""A message that the rows explain: to whom, about what, how many, and from when until when; and by which ways."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.notifications.channels.rules import OffReason
from tests.support.ledger.facts import ON_THE_WAY, Facts, Row
from tests.support.ledger.kinds import Kind, Way
from tests.support.ledger.sent import Sent

STILL_SENT = frozenset({OffReason.UNSUBSCRIBED})
"""A channel that is off for this carries what is not about offers all the same."""
OF_A_CLIENT = frozenset(
    {
        Kind.CLIENT_CALLED,
        Kind.CLAIMED_BY_PIN,
        Kind.CLIENT_ASKS,
        Kind.BOOKED_SOON,
        Kind.CLIENT_TEXTED,
        Kind.CLIENT_VOICEMAIL,
    }
)
CHANNELS = {Way.TEXT: "sms", Way.MAIL: "email", Way.PUSH: "push"}


@dataclass
class Due:
    """So many messages of a kind may go to whoever has one of these addresses; `mark` is in their words."""

    way: Way
    kind: Kind | None
    to: frozenset[str]
    mark: str
    because: str
    times: int = 1
    since: datetime | None = None
    until: datetime | None = None

    def is_about(self, sent: Sent) -> bool:
        return (self.way, self.kind) == (sent.way, sent.kind) and self.mark in sent.words

    def in_time(self, sent: Sent) -> bool:
        begun = self.since is None or sent.at >= self.since - ON_THE_WAY
        return begun and (self.until is None or sent.at <= self.until + ON_THE_WAY)


def on_each_channel(
    facts: Facts,
    agent: Row,
    kind: Kind,
    mark: str,
    because: str,
    *,
    times: int = 1,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[Due]:
    """One to the phone, one to the mailbox, one to each browser; none once that channel is off."""
    off = {row["channel"]: row for row in facts.all("agent_channel", agent_id=agent["id"]) if row["off_at"]}
    for way, to in addresses_of(facts, agent):
        if way is Way.TEXT and agent["sms_consent_at"] is None:
            continue
        gone = off.get(CHANNELS[way])
        ends = [until] if until else []
        if gone is not None and (kind not in OF_A_CLIENT or gone["off_reason"] not in STILL_SENT):
            ends.append(datetime.fromisoformat(gone["off_at"]))
        yield Due(way, kind, to, mark, because, times, since, min(ends, default=None))


def addresses_of(facts: Facts, agent: Row) -> Iterator[tuple[Way, frozenset[str]]]:
    yield Way.TEXT, facts.phones(agent)
    yield Way.MAIL, facts.addresses(agent["account_id"])
    for endpoint in sorted({browser["endpoint"] for browser in facts.browsers(agent["account_id"])}):
        yield Way.PUSH, frozenset({endpoint})
