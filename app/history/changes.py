"""What was changed, as admins read it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import ApiKey
from app.core.actor import Via
from app.core.contact import display_phone
from app.core.database.changes import Change
from app.people.models import Account

NAMES = {
    "name": "Name",
    "email": "Email",
    "phone": "Phone",
    "brokerage": "Brokerage",
    "time_zone": "Time zone",
    "language": "Language",
    "takes_buyers": "Takes buyers",
    "takes_sellers": "Takes sellers",
    "is_admin": "Admin",
    "is_viewer": "Viewer",
    "is_lead": "Leads the team",
    "price_min": "Price from",
    "price_max": "Price to",
    "speaks": "Also speaks",
    "licences": "Licences",
    "most_clients": "Most open clients",
    "most_a_day": "Most claims a day",
    "ring_first": "Ring me first",
    "url": "Address",
    "topics": "Topics",
}
MOMENTS = {
    "paused_at": ("Paused", "Resumed"),
    "left_at": ("Left the network", "Came back"),
    "sms_consent_at": ("Agreed to texts", "Took back the consent to texts"),
    "call_consent_at": ("Agreed to be rung", "Took back the consent to be rung"),
    "undone_at": ("Undone", ""),
    "revoked_at": ("Revoked", "Allowed again"),
    "off_at": ("Turned off", "Turned on"),
    "removed_at": ("Removed", ""),
    "ended_at": ("Ended", ""),
}
"""A time that is set or cleared is what somebody did."""
VIA = {
    Via.PAGES: "by the link of an offer",
    Via.API: "the API",
    Via.COMMAND: "a command on the server",
    Via.PRODUCT: "Dibs itself",
}
RULES = ("routing_rules", "terms")
"""Every change to these adds a row."""
SHOWN = 20


@dataclass(frozen=True)
class ChangeLine:
    """One line."""

    at: datetime
    who: str
    words: str


def changes_of(session: Session, *, row_ids: Sequence[UUID]) -> list[ChangeLine]:
    """The newest changes of these rows, newest first."""
    query = (
        select(Change, Account.email, ApiKey.name)
        .outerjoin(Account, Account.id == Change.account_id)
        .outerjoin(ApiKey, ApiKey.id == Change.api_key_id)
        .where(Change.row_id.in_(row_ids))
        .order_by(Change.id.desc())
        .limit(SHOWN)
    )
    lines = []
    for change, email, key in session.execute(query):
        words = change_words(change)
        if words:
            lines.append(ChangeLine(change.at, email or (key and f"{key} (API key)") or VIA[change.via], words))
    return lines


def change_words(change: Change) -> str:
    """What was changed, from what to what."""
    return ". ".join(_words(change))


def _words(change: Change) -> Iterator[str]:
    if change.before is None:
        if change.noun in RULES:
            yield f"Version {change.after['number']}"
        elif change.noun != "account":  # which is made with its agent
            yield "Added"
        return
    if change.noun == "join_request":
        yield "Let in" if change.after.get("agent_id") else "Turned away"
        return
    for column, value in change.after.items():
        before = change.before.get(column)
        if column in MOMENTS:
            set_, cleared = MOMENTS[column]
            if (value is None) != (before is None):
                yield cleared if value is None else set_
        elif column == "team_id":
            yield "Team changed" if value is not None else "Left the team"
        elif column in NAMES:
            yield f"{NAMES[column]}: {_shown(column, before)} to {_shown(column, value)}"


def _shown(column: str, value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return display_phone(value) if column == "phone" else str(value)
