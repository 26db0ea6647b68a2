"""The yardsticks: the least that a Flask app on the same server could do for the same job."""

import os
import re

from flask import Flask, render_template_string, request
from psycopg_pool import ConnectionPool
from redis import Redis
from rq import Queue
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

URL = re.sub(r"\+psycopg", "", os.environ["DATABASE_URL"])
PAGE = "<!doctype html><title>{{ row.city }}</title><h1>{{ row.city }}</h1><p>{{ row.price_min }}</p>"

app = Flask(__name__)
pool = ConnectionPool(URL, min_size=4, max_size=16, open=True)
engine = create_engine(os.environ["DATABASE_URL"], pool_size=16)
queue = Queue("bare", connection=Redis.from_url(os.environ["REDIS_URL"]))
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])


@app.get("/nothing")
def nothing() -> str:
    """What the server and the load itself cost."""
    return "ok"


@app.get("/select/<offer_id>")
def select(offer_id: str) -> tuple[str, int]:
    """One pooled psycopg select."""
    with pool.connection() as connection:
        connection.execute("SELECT status FROM offer WHERE id = %s", (offer_id,)).fetchone()
    return "", 304


@app.get("/page/<referral_id>")
def page(referral_id: str) -> str:
    """One SQLAlchemy select and a small template."""
    with Session(engine) as session:
        row = session.execute(text("SELECT * FROM referral WHERE id = :id"), {"id": referral_id}).one()
        return render_template_string(PAGE, row=row)


@app.post("/tap/<offer_id>")
def tap(offer_id: str) -> str:
    """Commits one row and enqueues one SDK call for a SimpleWorker."""
    with pool.connection() as connection:
        connection.execute("INSERT INTO bare_call (offer_id) VALUES (%s)", (offer_id,))
    queue.enqueue_call("devtools.bench.bare_job.call", args=(offer_id,), result_ttl=0)
    return "ok"


@app.post("/key/<referral_id>")
def key(referral_id: str) -> tuple[str, int]:
    """Checks the carrier's signature and does one locked update."""
    url = os.environ["BARE_URL"] + request.path
    if not validator.validate(url, request.form, request.headers.get("X-Twilio-Signature", "")):
        return "", 403
    with pool.connection() as connection:
        connection.execute("SELECT 1 FROM bare_referral WHERE id = %s FOR NO KEY UPDATE", (referral_id,))
        connection.execute("UPDATE bare_referral SET claimed_at = now() WHERE id = %s", (referral_id,))
    return "<Response/>", 200
