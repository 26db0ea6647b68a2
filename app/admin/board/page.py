"""The live board's page and its list, which follows by itself."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, current_app, render_template, request
from sqlalchemy import select

from app.admin import blueprint
from app.admin.board.counts import counts
from app.admin.board.found import LONGEST
from app.admin.board.lines import board
from app.admin.board.views import DESK_ZONE, View
from app.core.clock import now
from app.core.database.ids import parse_id
from app.desk.acts import pending_in
from app.extensions import db
from app.http.polling import polled
from app.referrals.models import Referral

FILTERS = {
    View.NOBODY: "Nobody has it",
    View.RINGING: "Ringing now",
    View.WAITING: "Waiting",
    View.CLAIMED: "Claimed today",
}
OTHERS = {View.OPEN: "All open", View.HELD: "Held", View.ALL: "Everything"}
SHARED = "board"
SHARED_SECONDS = 2
"""How long a rendered list and its counts are shared by everybody who asks for the same ones."""
Made = TypeVar("Made")


@dataclass(frozen=True)
class Shown:
    """What the address asks for."""

    view: View
    words: str
    after: str

    @property
    def query(self) -> str:
        """The same as an address; without what is the default."""
        return self.with_(self.view, self.after)

    def with_(self, view: View, after: str = "") -> str:
        """The address of another view, or of the page behind a place, with the same search."""
        parts = {"show": view.value if view is not View.OPEN else "", "q": self.words, "after": after}
        kept = urlencode({name: value for name, value in parts.items() if value})
        return f"?{kept}" if kept else ""


def shown() -> Shown:
    """Read from the request; what is no view is the default."""
    asked = request.args.get("show", "")
    view = View(asked) if asked in set(View) else View.OPEN
    words = request.args.get("q", "").replace("\0", "").strip()[:LONGEST]
    return Shown(view, words, request.args.get("after", ""))


@blueprint.get("/")
def referrals() -> str:
    """The board, with nothing chosen."""
    batch_id = parse_id(request.args.get("done", ""))
    pending = pending_in(db.session(), batch_id=batch_id) if batch_id is not None else []
    return render_template(
        "admin/board.html", chosen=None, chosen_id=None, undo=batch_id if pending else None, **board_values()
    )


@blueprint.get("/list")
def referral_list() -> Response:
    """The list alone, for polling and for a search as it is typed; 304 while it reads the same."""
    wanted = shown()
    response = polled(_shared(wanted, lambda: render_template("admin/list.html", **board_values())))
    if "typed" in request.args:
        response.headers["HX-Replace-Url"] = f"/admin/{wanted.query}"
    return response


def board_values() -> dict[str, object]:
    """What the list shows."""
    wanted, at = shown(), now()
    page = board(db.session(), view=wanted.view, words=wanted.words, after=wanted.after, at=at)
    return {
        "wanted": wanted,
        "lines": page.lines,
        "after": page.after,
        "counts": _shared(_newest(), lambda: counts(db.session(), at=at)),
        "filters": FILTERS,
        "other_views": OTHERS,
        "desk_zone": DESK_ZONE,
        "at": at,
    }


def _newest() -> UUID | None:
    """The newest referral: counts from before it came are not shown."""
    return db.session.scalar(select(Referral.id).order_by(Referral.id.desc()).limit(1))


def _shared(key: Shown | UUID | None, make: Callable[[], Made]) -> Made:
    """Returns the cached value, or makes it: fifty desks on the same list cost one rendering."""
    kept: dict[Shown | UUID | None, tuple[float, Any]] = current_app.extensions.setdefault(SHARED, {})
    at = time.monotonic()
    found = kept.get(key)
    if found is not None and at < found[0]:
        made: Made = found[1]
        return made
    for old in [one for one, (until, _) in list(kept.items()) if until <= at]:
        kept.pop(old, None)
    made = make()
    kept[key] = (at + SHARED_SECONDS, made)
    return made
