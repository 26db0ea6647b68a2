"""Message jobs."""

from uuid import UUID

from flask import render_template

from app.core.ground import ground
from app.extensions import db
from app.flows.addresses import links, receipt_url
from app.flows.deliver import Post
from app.flows.deliver import deliver as deliver_one
from app.jobs.run import job
from app.providers.access import carrier, mailer


@job
def deliver(notification_id: UUID) -> None:
    """Sends one message."""
    deliver_one(db.session(), notification_id=notification_id, post=post())


def post() -> Post:
    """What delivering needs, from the app being served."""
    here = ground()
    return Post(
        carrier=carrier(),
        mailer=mailer(),
        links=links(here),
        render=render_template,
        brand=here.settings.brand_name,
        receipt_url=receipt_url(here),
        ring_seconds=here.settings.ring_seconds,
    )
