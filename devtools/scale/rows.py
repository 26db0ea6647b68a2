"""Rows on their way into a database by COPY."""

import random
import time
from collections import defaultdict

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
"""In milliseconds, like every moment here."""

COLUMNS = {
    "team": "id name created_at",
    "account": "id email is_admin session_key created_at",
    "agent": "id account_id team_id name phone time_zone language takes_buyers takes_sellers sms_consent_at"
    " sms_consent_source reach_checked_at created_at",
    "api_key": "id name key_hash created_at",
    "push_subscription": "id account_id endpoint p256dh auth device created_at seen_at ended_at end_reason",
    "client": "id name phone email created_at",
    "referral": "id client_id team_id agent_id kind status city state zip_code time_zone price_min price_max notes"
    " claimed_at created_at",
    "offer": "id referral_id agent_id wave status expires_at ended_at decline_at decline_reason letter created_at",
    "notification": "id account_id offer_id referral_id push_subscription_id kind channel status attempts due_at"
    " not_after taken_at sent_at ended_at sent_to words_hash provider_id created_at",
    "receipt": "id notification_id provider_id status received_at",
    "call": "id offer_id agent_id direction attempt phone status sid client_sid requested_at dialing_at"
    " ring_deadline_at answered_at accepted_at connected_at ended_at",
    "call_event": "id call_id key name details at",
    "claim": "id referral_id offer_id agent_id via at",
    "late_claim": "id offer_id at behind_ms",
    "client_view": "id client_id referral_id account_id where at",
    "idempotent_answer": "api_key_id key request_hash status body created_at",
    "inbound_text": "id sid phone agent_id offer_id body meaning answer received_at put_off",
}
"""Tables in the order of their foreign keys."""

Value = str | int | bool | None
Batch = dict[str, tuple[str, int]]
"""By table: the lines for COPY, and their number."""


class Rows:
    """Collects rows. The same seed gives the same rows."""

    def __init__(self, seed: str) -> None:
        self.dice = random.Random(seed)
        self._counter = 0
        self._minutes: dict[int, str] = {}
        self._lines: dict[str, list[str]] = defaultdict(list)

    def add(self, table: str, *values: Value) -> None:
        """One row, its values in the order of COLUMNS."""
        self._lines[table].append("\t".join([v if type(v) is str else _text(v) for v in values]) + "\n")

    def taken(self) -> Batch:
        """Returns the rows collected so far, and forgets them."""
        lines, self._lines = self._lines, defaultdict(list)
        return {table: ("".join(found), len(found)) for table, found in lines.items()}

    def id(self, at: int) -> str:
        """A UUIDv7 of that moment; those of the same moment keep their order."""
        self._counter = (self._counter + 1) & 0xFFF
        return f"{at << 80 | 0x7 << 76 | self._counter << 64 | 0x2 << 62 | self.dice.getrandbits(62):032x}"

    def moment(self, at: int) -> str:
        """As Postgres reads it."""
        minute, rest = divmod(at, MINUTE)
        found = self._minutes.get(minute)
        if found is None:
            found = self._minutes[minute] = time.strftime("%Y-%m-%d %H:%M:", time.gmtime(minute * 60))
        return f"{found}{rest // 1000:02d}.{rest % 1000:03d}+00"

    def hex(self, digits: int) -> str:
        """Random hexadecimal digits."""
        return f"{self.dice.getrandbits(digits * 4):0{digits}x}"


def _text(value: Value) -> str:
    if value is None:
        return "\\N"
    return str(value) if type(value) is int else "t" if value else "f"
