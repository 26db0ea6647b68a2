"""A sandbox of its own, whose product is nothing but documents that a test has written."""

import os
import smtplib
import sys
from collections.abc import Iterator

import pytest
import requests

from tests.sandbox.account import ACCOUNT, HOOK_KEY, OURS, TOKEN
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.documents import Documents
from tests.support.world.ports import free_port
from tests.support.world.product import Process
from tests.support.world.waiting import eventually


def environment(product_url: str, port: int) -> dict[str, str]:
    """What a sandbox on `port` is told."""
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith(("TWILIO", "SANDBOX"))},
        "PUBLIC_URL": product_url,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_CALL_FROM": OURS,
        "MAIL_HOOK_KEY": HOOK_KEY,
        "SANDBOX_PORT": str(port),
        "SANDBOX_SMTP_PORT": str(free_port()),
        "SANDBOX_CALLS_PER_SECOND": "100",
        "SANDBOX_SPEED": "10",
    }


@pytest.fixture(scope="package")
def smtp_port() -> int:
    """Where it takes mail."""
    return free_port()


@pytest.fixture
def smtp(carrier: Carrier, smtp_port: int) -> Iterator[smtplib.SMTP]:
    """A connection to its mail server."""
    with smtplib.SMTP("127.0.0.1", smtp_port, timeout=10) as connection:
        yield connection


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory, smtp_port: int) -> Iterator[tuple[Documents, Carrier]]:
    """A sandbox whose product is nothing but documents."""
    documents, port = Documents(), free_port()
    env = {**environment(documents.url, port), "SANDBOX_SMTP_PORT": str(smtp_port)}
    carrier = Carrier(f"http://127.0.0.1:{port}")
    sandbox = Process([sys.executable, "-m", "sandbox"], env, tmp_path_factory.mktemp("log") / "sandbox.log")
    sandbox.start()
    eventually(lambda: up(carrier), "the sandbox")
    yield documents, carrier
    sandbox.stop()
    documents.stop()


@pytest.fixture
def carrier(running: tuple[Documents, Carrier]) -> Carrier:
    """The sandbox, with nothing in it."""
    running[1].reset()
    return running[1]


@pytest.fixture
def documents(running: tuple[Documents, Carrier], carrier: Carrier) -> Documents:
    """The product's documents: none yet."""
    running[0].forget()
    return running[0]


def up(carrier: Carrier) -> bool:
    try:
        carrier.state()
    except requests.RequestException:
        return False
    return True
