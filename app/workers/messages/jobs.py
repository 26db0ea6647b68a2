"""Message jobs. A job sends all that is due, many at once: see docs/decisions/delivery.md."""

import time
from uuid import UUID

import structlog
from flask import current_app, render_template

from app.clients.gate import gate_of
from app.core.logs import begin_job
from app.core.queue.jobs import Job
from app.core.queue.queues import current_job_id
from app.core.runtime import runtime
from app.core.urls import check_call_url, check_status_url, links, receipt_url
from app.notifications.delivery.request import Letterhead
from app.notifications.wording.voice import check_call_twiml
from app.workers.ceilings import ceilings
from app.workers.messages.dispatcher import Dispatcher
from app.workers.messages.send import Providers, SendRate
from app.workers.providers import carrier, mailer, pusher

log = structlog.get_logger()


def deliver(request: str | None = None) -> None:
    """Sends what is due, until nothing is or its time is over; then another job goes on."""
    began = time.perf_counter()
    begin_job("deliver", None, request, current_job_id())
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.app_context():
        runtime().queue.awake(Job.DELIVER)
        done = dispatcher().run()
        if not done.finished:
            runtime().queue.wake(Job.DELIVER)
    if done.taken:
        log.info("job", ms=round((time.perf_counter() - began) * 1000, 1), taken=done.taken)


def dispatcher() -> Dispatcher:
    """The dispatcher of this process; made once, since it keeps threads."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    made = app.extensions.get("dispatcher")
    if not isinstance(made, Dispatcher):
        made = app.extensions["dispatcher"] = Dispatcher(app, letterhead(), providers(), send_rate())
    return made


def letterhead() -> Letterhead:
    """What stands on every message of the app being served."""
    here = runtime()
    return Letterhead(
        links=links(here),
        render=render_template,
        brand=here.settings.brand_name,
        mail_domain=mailer().message_domain(),
        receipt_url=receipt_url(here),
        check_status_url=check_status_url(here),
        check_call=_check_call,
        ring_seconds=here.settings.ring_seconds,
        gate=gate_of(here.settings),
    )


def providers() -> Providers:
    """Whom the app being served hands its messages to."""
    return Providers(carrier(), mailer(), pusher(), ceilings())


def send_rate() -> SendRate:
    """The rate of what our texts come from."""
    settings = runtime().settings
    sender = settings.twilio_messaging_service_sid or settings.twilio_sms_from
    return SendRate(sender, settings.texts_per_second)


def _check_call(notification_id: UUID) -> str:
    here = runtime()
    key_url = check_call_url(here, notification_id, "key")
    return check_call_twiml(render_template, brand=here.settings.brand_name, key_url=key_url)
