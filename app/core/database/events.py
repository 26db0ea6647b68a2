"""Records an event for the network's software, in the caller's transaction.

Most events are recorded by triggers on the row that changed (app/webhooks). This is for those that no single row tells.
"""

from typing import Any

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session


def record_event(session: Session, name: str, **facts: Any) -> None:
    """Records `name`, such as `client.do_not_contact`, with these facts; nothing while no endpoint is set up."""
    session.execute(select(func.webhook_record(name, cast(facts, JSONB))))
