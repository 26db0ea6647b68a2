"""Where webhooks may go, when they are tried again, and what is signed."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from app.config.webhook_hosts import is_public, place_of
from app.webhooks.envelope import envelope
from app.webhooks.models import Event
from app.webhooks.rules import RETRY_AFTER, next_attempt

AT = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "url",
    [
        "https://crm.example/hooks/dibs", "https://CRM.example:8443/x?tenant=7", "https://192.0.2.7/", "https://[2001:db8::7]/x",
        "http://127.0.0.1:8001/webhooks/crm", "http://crm.internal/x", "http://[::1]:8001/",
    ],
)  # fmt: skip
def test_webhooks_go_to_https_and_to_hosts_that_are_named(url: str) -> None:
    assert place_of(url, "127.0.0.1:8001, CRM.internal,[::1]:8001") is not None


@pytest.mark.parametrize(
    "url",
    [
        "", "crm.example", "http://crm.example/", "ftp://crm.example/", "https://", "https:///x", "https://user@crm.example/",
        "https://user:word@crm.example/", "https://crm.example#x", "https://crm.example:99999/", "https://crm.example:x/",
        "https://crm example/", "https://crm.example/\n", "https://crm.exämple/", "http://127.0.0.1:8002/", "http://127.0.0.1/",
        "https://crm.example\\@127.0.0.1/", "javascript:alert(1)", "https://crm.example/" + "x" * 500,
    ],
)  # fmt: skip
def test_and_nowhere_else(url: str) -> None:
    assert place_of(url, "127.0.0.1:8001") is None


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False), ("::1", False), ("fe80::1", False), ("fd00::1", False), ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True), ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False),
    ],
)  # fmt: skip
def test_an_address_is_public_or_not(address: str, *, public: bool) -> None:
    assert is_public(address) is public


def test_it_is_tried_for_three_days_and_at_growing_distances() -> None:
    at, waits = AT, []
    for attempts in range(1, 20):
        again = next_attempt(attempts, at, Random(attempts))
        if again is None:
            break
        waits.append(again - at)
        at = again
    assert len(waits) == len(RETRY_AFTER)
    assert waits == sorted(waits)
    assert timedelta(seconds=5) <= waits[0] <= timedelta(seconds=6)
    assert timedelta(days=3) <= at - AT <= timedelta(days=4)


@pytest.mark.parametrize(("asked", "waits"), [(None, 5), (3.0, 5), (600.0, 600), (10.0**6, 24 * 3600)])
def test_an_endpoint_may_ask_for_more_time_up_to_a_day(asked: float | None, waits: float) -> None:
    again = next_attempt(1, AT, Random(0), asked)
    assert again is not None
    assert waits <= (again - AT).total_seconds() <= max(waits, 6)


def test_both_secrets_verify_and_no_other_does() -> None:
    event = Event(id=UUID(int=7), type="team.added", data={"team_id": "x"}, at=AT)
    new, old, other = ("whsec_" + letter * 43 + "=" for letter in "ABC")
    sent = envelope(event, secrets=[new, old], at=datetime.now(UTC))
    for secret in (new, old):
        read = Webhook(secret).verify(sent.body, sent.headers)
        assert (read["type"], read["data"]) == ("team.added", {"team_id": "x"})
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(sent.body, sent.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(sent.body + b" ", sent.headers)
