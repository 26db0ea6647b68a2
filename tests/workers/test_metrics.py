"""What Prometheus is told."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from deploy.processes import ROOT, web_command
from tests.support.world.network import AgentInTest, Network
from tests.support.world.ports import free_port
from tests.support.world.product import Process, Product
from tests.support.world.waiting import eventually

pytestmark = pytest.mark.process

FILES = ROOT / "deploy" / "prometheus"
NAME = re.compile(r"\bdibs_\w+")
IN_LABELS = re.compile(r"_(bucket|count|sum|total)$")


class Measured:
    """A web process that measures, and the process that tells of it."""

    def __init__(self, product: Product, folder: Path) -> None:
        self.port, self.web_port = free_port(), free_port()
        env = {**product.env, "PROMETHEUS_MULTIPROC_DIR": str(folder), "METRICS_PORT": str(self.port)}
        log = folder / "log"
        self.processes = [
            Process(web_command("127.0.0.1", self.web_port, workers=1), env, log, imports=True),
            Process([sys.executable, "worker.py", "metrics"], env, log, imports=True),
        ]

    def start(self) -> None:
        for one in self.processes:
            one.start()
        eventually(lambda: self._answers(f"http://127.0.0.1:{self.web_port}/healthz"), "a web process", patience=90)
        eventually(lambda: self._answers(f"http://127.0.0.1:{self.port}/metrics"), "metrics", patience=90)

    def stop(self) -> None:
        for one in self.processes:
            one.stop()

    def asks_too_often(self) -> int:
        """Somebody asks for one sign-in link after the other; what the last one was answered."""
        url, here = f"http://127.0.0.1:{self.web_port}/sign-in", {"Sec-Fetch-Site": "same-origin"}
        return [requests.post(url, {"email": "x@y.example"}, headers=here, timeout=5).status_code for _ in range(21)][
            -1
        ]

    def told(self) -> dict[str, float]:
        """Each line, with its labels, and its value."""
        lines = requests.get(f"http://127.0.0.1:{self.port}/metrics", timeout=10).text.splitlines()
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}

    @staticmethod
    def _answers(url: str) -> bool:
        try:
            return requests.get(url, timeout=5).ok
        except requests.RequestException:
            return False


@pytest.fixture
def measured(product: Product, tmp_path: Path) -> Iterator[Measured]:
    made = Measured(product, tmp_path)
    made.start()
    yield made
    made.stop()


def test_a_claim_shows_in_what_is_told(network: Network, sam: AgentInTest, measured: Measured) -> None:
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    network.client_phone(referral).rings().answer()
    page.becomes("connected")
    told = measured.told()
    assert told['dibs_claims_lately{via="key"}'] == 1
    assert told['dibs_calls_lately{reason="",status="connected"}'] == 1
    assert told['dibs_messages_lately{channel="email",status="sent"}'] >= 1
    assert told["dibs_database_up"] == 1
    assert told["dibs_calls_waiting_seconds"] == 0
    assert told['dibs_heartbeat_age_seconds{process="sweeper"}'] < 15
    assert told['dibs_jobs_waiting{queue="voice"}'] == 0
    assert "Maria" not in str(told)
    assert "512" not in str(told)


def test_a_web_process_measures_its_requests_and_what_it_refused(network: Network, measured: Measured) -> None:
    for _ in range(3):
        requests.get(f"http://127.0.0.1:{measured.web_port}/sign-in", timeout=5)
    assert measured.asks_too_often() == 429
    told = measured.told()
    assert told['dibs_request_seconds_count{endpoint="web.sign_in",status="200"}'] >= 3
    assert told['dibs_limits_hit_total{limit="sign_in_links_per_visitor"}'] >= 1


def test_alerts_and_dashboard_ask_for_what_there_is(network: Network, measured: Measured) -> None:
    measured.asks_too_often()
    text = requests.get(f"http://127.0.0.1:{measured.port}/metrics", timeout=10).text
    there = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    for file in sorted(FILES.iterdir()):
        asked = {IN_LABELS.sub("", name) for name in NAME.findall(file.read_text(encoding="utf-8"))}
        assert asked
        assert asked <= there | {IN_LABELS.sub("", name) for name in there}, file.name
