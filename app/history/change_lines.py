"""What was changed, as admins read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.actor import Via
from app.core.contact import display_phone
from app.history.models import Change

NAMES = {
    "name": "Name",
    "email": "Email",
    "phone": "Phone",
    "time_zone": "Time zone",
    "takes_buyers": "Takes buyers",
    "takes_sellers": "Takes sellers",
    "is_admin": "Admin",
}
MOMENTS = {
    "paused_at": ("Paused", "Resumed"),
    "left_at": ("Left the network", "Came back"),
    "sms_consent_at": ("Agreed to texts", "Took back the consent to texts"),
    "revoked_at": ("Revoked", "Allowed again"),
}
"""A time that is set or cleared is what somebody did."""


@dataclass(frozen=True)
class ChangeLine:
    """One line."""

    at: datetime
    who: str
    words: str


def change_lines(changes: list[Change]) -> list[ChangeLine]:
    """In the same order."""
    return [ChangeLine(change.at, _who(change), ". ".join(_words(change))) for change in changes if any(_words(change))]


def _who(change: Change) -> str:
    if change.account is not None:
        return change.account.email
    if change.api_key is not None:
        return f"{change.api_key.name} (API key)"
    return {Via.COMMAND: "a command on the server", Via.PAGES: "by the link of an offer"}.get(change.via, "Dibs itself")


def _words(change: Change) -> Iterator[str]:
    if change.before is None:
        if change.noun != "account":  # which is made with its agent
            yield "Added"
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
    return display_phone(value) if column == "phone" else str(value)
