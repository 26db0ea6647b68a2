"""Message jobs. A job sends all that is due, many at once: see docs/decisions/delivery.md."""

import time

import structlog
from flask import current_app, render_template

from app.core.ground import ground
from app.core.logs import begin_job
from app.core.queue import Job, current_job_id
from app.flows.addresses import links, receipt_url, test_status_url
from app.flows.deliver import Pacing
from app.flows.outgoing import Post
from app.flows.test_call import test_call_twiml
from app.jobs.pump import Pump
from app.providers.access import carrier, mailer, pusher

log = structlog.get_logger()


def deliver(request: str | None = None) -> None:
    """Sends what is due, until nothing is or its time is over; then another job goes on."""
    began = time.perf_counter()
    begin_job("deliver", None, request, current_job_id())
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.app_context():
        ground().queue.awake(Job.DELIVER)
        done = pump().run()
        if not done.finished:
            ground().queue.wake(Job.DELIVER)
    if done.taken:
        log.info("job", ms=round((time.perf_counter() - began) * 1000, 1), taken=done.taken)


def pump() -> Pump:
    """The pump of this process; made once, since it keeps threads."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    made = app.extensions.get("pump")
    if not isinstance(made, Pump):
        made = app.extensions["pump"] = Pump(app, post(), pacing())
    return made


def post() -> Post:
    """What delivering needs, from the app being served."""
    here = ground()
    return Post(
        carrier=carrier(),
        mailer=mailer(),
        pusher=pusher(),
        links=links(here),
        render=render_template,
        brand=here.settings.brand_name,
        receipt_url=receipt_url(here),
        test_status_url=test_status_url(here),
        test_call=test_call_twiml,
        ring_seconds=here.settings.ring_seconds,
    )


def pacing() -> Pacing:
    """The rate of what our texts come from."""
    settings = ground().settings
    sender = settings.twilio_messaging_service_sid or settings.twilio_sms_from
    return Pacing(sender, settings.texts_per_second)
