"""With the claim, the client is told who their agent is, and from which number they call."""

from sqlalchemy import String, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.dialects.postgresql import insert as pg_insert

from app.bookings.notices import PREPARED, TO_CLIENT
from app.notifications.rules import NotificationStatus
from app.offers.messages import NOW, ROW

# Not `values()`: SQLAlchemy caches no statement with one, and compiling this one takes longer than sending it.
_WAY = func.unnest(array([channel.value for channel in TO_CLIENT], type_=String())).column_valued("way")
PREPARE = (
    pg_insert(ROW)
    .from_select(
        ["id", "client_id", "referral_id", "kind", "channel", "status", "attempts", "due_at", "created_at"],
        select(
            func.uuidv7(),
            bindparam("asked_client", type_=ROW.c.client_id.type),
            bindparam("this_referral", type_=ROW.c.referral_id.type),
            literal(PREPARED, ROW.c.kind.type),
            _WAY,
            literal(NotificationStatus.QUEUED, ROW.c.status.type),
            literal(0),
            NOW,
            NOW,
        ),
        include_defaults=False,
    )
    .on_conflict_do_nothing()
    .returning(ROW.c.id)
)
"""Queues the messages to the client `asked_client` about `this_referral`; part of the claim's own statement."""
