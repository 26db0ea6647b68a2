"""One new kind of message is one declaration with its templates, and a migration: nothing else knows it by name."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import render_template
from jinja2 import ChoiceLoader, DictLoader

from app.core.clock import now
from app.core.runtime import runtime
from app.core.urls import links
from app.extensions import db
from app.history.timeline import timeline
from app.notifications.cast import Cast
from app.notifications.channels.rules import Channel
from app.notifications.checks import declared_checks
from app.notifications.kinds import KINDS, Carried, Draft, Kind, Sample, Subject
from app.notifications.queueing import queue_notification
from app.notifications.wording.preview import Previewer
from app.offers.models import Offer
from app.offers.notices import offer_of, read_offers
from app.providers.smtp.mailer import Mailer
from app.providers.smtp.message import Mail
from app.referrals.models import Referral
from app.workers.messages.jobs import dispatcher
from tests.support.world.in_process import InProcess

TEMPLATES = {
    "mail/nudge.txt": "Subject: {{ place }} is waiting\nHello {{ first_name }}, please call.",
    "mail/nudge.html": "<p>Hello {{ first_name }}, please call about {{ place }}.</p>",
    "sms/nudge.txt": "{{ place }} is waiting. Please call.",
}


class Postbox(Mailer):
    """Keeps every mail."""

    def __init__(self) -> None:
        super().__init__("smtp://127.0.0.1:1", "Dibs <referrals@dibs.example>")
        self.mails: list[Mail] = []

    def send(self, mail: Mail) -> None:
        self.mails.append(mail)


def _values(draft: Draft) -> dict[str, str]:
    offer = offer_of(draft.session, draft.notification)
    return {"first_name": offer.agent.first_name, "place": offer.referral.need.place}


def _sample(sample: Sample) -> dict[str, str]:
    return {"first_name": sample.cast.agent_first_name, "place": sample.cast.need.place}


@pytest.fixture
def nudge(in_process: InProcess) -> Iterator[Kind]:
    """A kind that the product has never heard of."""
    in_process.begin()
    loader = in_process.app.jinja_env.loader
    assert loader is not None
    in_process.app.jinja_env.loader = ChoiceLoader([DictLoader(TEMPLATES), loader])
    kind = KINDS.declare(
        Kind(
            name="nudge",
            subject=Subject.OFFER,
            channels=(Channel.EMAIL, Channel.SMS),
            title="Nudge",
            when="To an agent who has not called yet.",
            place=99,
            values=_values,
            sample=_sample,
            line="that somebody is waiting",
            carried=Carried.WHILE_ON,
            prefetch=read_offers,
        )
    )
    _migrate(in_process)
    yield kind
    del KINDS.by_name["nudge"]
    in_process.rows("TRUNCATE notification CASCADE")
    _migrate(in_process)
    in_process.app.jinja_env.loader = loader
    in_process.end()


@pytest.fixture
def postbox(in_process: InProcess) -> Iterator[Postbox]:
    """What is mailed."""
    extensions = in_process.app.extensions
    before, made = extensions["mailer"], Postbox()
    extensions["mailer"] = made
    extensions.pop("dispatcher", None)
    yield made
    extensions["mailer"] = before
    del extensions["dispatcher"]


def _migrate(product: InProcess) -> None:
    """What the migration of a new kind does: the checks are those of the declarations."""
    for name, condition in declared_checks().items():
        product.rows(f"ALTER TABLE notification DROP CONSTRAINT ck_notification_{name}")
        product.rows(f"ALTER TABLE notification ADD CONSTRAINT ck_notification_{name} CHECK ({condition})")


def test_a_kind_declared_here_goes_all_the_way(in_process: InProcess, nudge: Kind, postbox: Postbox) -> None:
    offer_id = in_process.refers(in_process.network(members=1))[0]
    with in_process.app.app_context():
        offer = db.session.get_one(Offer, offer_id)
        for channel in nudge.channels:
            queued = queue_notification(
                db.session(),
                account_id=offer.agent.account_id,
                kind=nudge,
                channel=channel,
                at=now(),
                offer_id=offer_id,
            )
            assert queued is not None
        db.session.commit()
        dispatcher().run()
        assert [row["status"] for row in _nudges(in_process)] == ["sent", "sent"]
        mail = next(mail for mail in postbox.mails if mail.subject == "Austin TX is waiting")
        assert mail.to == "agent0@agents.example"
        assert mail.text == "Hello Agent0, please call.\n"
        assert "Austin TX is waiting. Please call." in [text.body for text in in_process.carrier.texts]
        assert _lines(offer.referral_id) >= {
            "Email to Agent0 Ortiz that somebody is waiting went out",
            "Text to Agent0 Ortiz that somebody is waiting went out",
        }


def test_it_is_previewed_like_the_others(in_process: InProcess, nudge: Kind) -> None:
    with in_process.app.test_request_context():
        previewer = Previewer(render_template, "Dibs", links(runtime()), Cast.TYPICAL, now())
        shown = previewer.of(nudge)
    assert shown.text is not None
    assert shown.text.body == "Austin TX is waiting. Please call."
    assert shown.mail is not None
    assert shown.mail.words.subject == "Austin TX is waiting"
    assert shown.push is None
    assert list(KINDS)[-1] is nudge


def test_a_name_is_taken_once_and_fits_its_column(nudge: Kind) -> None:
    with pytest.raises(ValueError, match="nudge"):
        KINDS.declare(nudge)


def test_the_database_refuses_a_kind_that_is_not_declared(in_process: InProcess) -> None:
    with pytest.raises(Exception, match="ck_notification_kind"):
        in_process.rows(
            "INSERT INTO notification (id, account_id, kind, channel, status, attempts, due_at, created_at)"
            " SELECT gen_random_uuid(), id, 'riddle', 'email', 'queued', 0, now(), now() FROM"
            " (SELECT gen_random_uuid() AS id) nobody"
        )


def _nudges(product: InProcess) -> list[dict[str, object]]:
    return product.rows("SELECT status FROM notification WHERE kind = 'nudge' ORDER BY id")


def _lines(referral_id: UUID) -> set[str]:
    db.session.rollback()
    referral = db.session.get_one(Referral, referral_id)
    return {entry.words for entry in timeline(db.session(), referral=referral, quotes=True)}
