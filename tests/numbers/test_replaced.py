"""A code that is replaced while its text is being made."""

import gc
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from app.core.clock import now
from app.extensions import db
from app.notifications.channels.suppression import SuppressionReason
from app.notifications.kinds import KINDS
from app.notifications.models import Notification
from app.numbers.change import CodeSent, ask_number
from app.numbers.notices import NUMBER_CODE
from app.workers.messages.jobs import dispatcher
from tests.support.world.in_process import InProcess

NEW = "+15125559900"


@pytest.fixture
def replaced_once_looked_at(in_process: InProcess) -> Iterator[None]:
    """Right after the text was found to be wanted, another code is asked for."""

    def looks(session: Session, notification: Notification, at: datetime) -> SuppressionReason | None:
        why = NUMBER_CODE.why_drop(session, notification, at)
        in_process.rows("UPDATE number_change SET code = NULL")
        gc.collect()
        return why

    in_process.begin()
    KINDS.by_name[NUMBER_CODE.name] = replace(NUMBER_CODE, why_drop=looks)
    yield
    KINDS.by_name[NUMBER_CODE.name] = NUMBER_CODE
    in_process.end()


@pytest.mark.usefixtures("replaced_once_looked_at")
def test_it_says_the_code_that_it_was_made_for(in_process: InProcess) -> None:
    """Found by a run on a slow machine: the text began with "None is your code"."""
    offer_id = in_process.refers(in_process.network(members=1))[0]
    with in_process.app.app_context():
        asked = ask_number(db.session(), offer_id=offer_id, phone=NEW, own=False, at=now())
        assert isinstance(asked, CodeSent)
        db.session.commit()
        ((code,),) = [row.values() for row in in_process.rows("SELECT code FROM number_change")]
        dispatcher().run()
    (text,) = [text for text in in_process.carrier.texts if text.to == NEW]
    assert text.body.startswith(f"{code} is your ")
