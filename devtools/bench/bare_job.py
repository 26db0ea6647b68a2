"""The yardstick's job: one call by the carrier's own SDK."""

import os
from functools import lru_cache

from twilio.rest import Client


@lru_cache(maxsize=1)
def _client() -> Client:
    client = Client(os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"])
    client.api.base_url = os.environ["TWILIO_API_URL"]
    return client


def call(offer_id: str) -> None:
    """Places it."""
    _client().calls.create(to="+15125551001", from_="+15125550100", url=f"http://127.0.0.1/{offer_id}")


def nothing() -> None:
    """What RQ itself takes for a job."""


def work() -> None:
    """The yardstick's worker."""
    from redis import Redis
    from rq import SimpleWorker

    _client()
    SimpleWorker(["bare"], connection=Redis.from_url(os.environ["REDIS_URL"])).work(logging_level="WARNING")


if __name__ == "__main__":
    work()
