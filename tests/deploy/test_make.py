"""`make demo` and `make run`, as an operator has them."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from deploy.processes import ROOT
from devtools.postgres import Postgres, short_folder
from devtools.valkey import Valkey
from tests.support.carrier.slow_carrier import SlowCarrier
from tests.support.world.ports import free_port
from tests.support.world.waiting import eventually

pytestmark = pytest.mark.process

AGENT, CLIENT = "+15125551001", "+15125552001"
"""Of the seeded ones."""
OURS = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
MASTERS = 2
"""What holds the web processes' socket, and the tracker of what they share."""
LINK = re.compile(r"https?://\S+/o/\S+")


def clean_env(**settings: str) -> dict[str, str]:
    return {**{name: os.environ[name] for name in OURS if name in os.environ}, **settings}


def run(*module: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env=clean_env(**env),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def descendants(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def all_gone(processes: list[psutil.Process]) -> bool:
    return not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in processes)


def test_run_refuses_development_defaults_and_names_everything_at_once() -> None:
    refused = run("deploy.run")
    assert refused.returncode != 0
    for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "TWILIO_ACCOUNT_SID", "MAIL_URL"):
        assert f"{name}: missing" in refused.stderr


def test_a_restart_of_nothing_says_so() -> None:
    refused = run("deploy.restart", PORT=str(free_port()))
    assert (refused.returncode, refused.stderr) == (1, "Dibs is not running here. Start it with `make run`.\n")


def test_a_port_in_use_is_one_clear_line() -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        refused = run("devtools.demo", PORT=str(port), TMPDIR=str(short_folder("dibs-d")))
    assert refused.returncode != 0
    assert refused.stderr.strip() == f"Port {port} is in use. Stop what is using it, or set PORT to another."


@pytest.fixture
def copy() -> Iterator[Path]:
    """A checkout of our own, so that a demo that runs beside the tests is left alone."""
    folder = short_folder("dibs-c")
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, tracked.split("\0")):
        if (ROOT / name).exists() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_the_demo_starts_prints_where_it_is_keeps_its_data_and_leaves_no_process(copy: Path) -> None:
    ports = {name: str(free_port()) for name in ("PORT", "SANDBOX_PORT", "SANDBOX_SMTP_PORT")}
    printed = [_demo(copy, ports), _demo(copy, ports)]
    for text in printed:
        assert f"http://localhost:{ports['PORT']}/admin/" in text
        assert f"http://localhost:{ports['SANDBOX_PORT']}/" in text
        assert text.count("/sign-in/") == 5
    assert (copy / ".local" / "postgres" / "PG_VERSION").exists()


def _has_names(sandbox: str) -> bool:
    """Whether the handsets of Sam, an agent, and Maria, a client, say whose they are, at a first start and a second."""
    requests.post(f"{sandbox}/phones", json={"number": CLIENT}, timeout=5)
    labels = {phone["number"]: phone["label"] for phone in requests.get(f"{sandbox}/state", timeout=5).json()["phones"]}
    return bool((labels[AGENT], labels[CLIENT]) == ("Sam Ortiz", "Maria Delgado, client"))


def _demo(copy: Path, ports: dict[str, str]) -> str:
    """Starts it, waits until it is ready, presses Ctrl-C, and gives what it printed."""
    env = clean_env(**ports, PYTHONUNBUFFERED="1")
    with subprocess.Popen([sys.executable, "-m", "devtools.demo"], cwd=copy, env=env, stdout=subprocess.PIPE, text=True,
                          start_new_session=True) as demo:  # fmt: skip
        assert demo.stdout is not None
        lines = []
        for line in demo.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        sandbox = f"http://127.0.0.1:{ports['SANDBOX_PORT']}/control"
        state = f"{sandbox}/state"
        eventually(lambda: requests.get(state, timeout=5).json()["messages"], "the texts of the seeded referrals")
        assert _has_names(sandbox)
        children = descendants(demo.pid)
        assert len(children) >= 6
        os.killpg(demo.pid, signal.SIGINT)
        assert demo.wait(20) == 0
    eventually(lambda: all_gone(children), "every process to be gone")
    return "".join(lines)


def test_run_completes_the_path_with_a_carrier_and_a_mail_server_that_know_nothing_of_dibs(
    servers: tuple[Postgres, Valkey], tmp_path: Path
) -> None:
    postgres, valkey = servers
    postgres.make_database("live")
    port, carrier_port, smtp_port = free_port(), free_port(), free_port()
    carrier = SlowCarrier(carrier_port, "live-token")
    mailbox = tmp_path / "mail"
    smtp = Controller(Mailbox(mailbox), hostname="127.0.0.1", port=smtp_port)
    smtp.start()
    url = f"http://127.0.0.1:{port}"
    env = clean_env(
        SECRET_KEY="a-real-secret-key-for-this-test", DATABASE_URL=postgres.url("live"), REDIS_URL=valkey.url(3),
        PUBLIC_URL=url, TWILIO_ACCOUNT_SID="AC" + "1" * 32, TWILIO_AUTH_TOKEN="live-token",
        TWILIO_API_URL=f"http://127.0.0.1:{carrier_port}", TWILIO_CALL_FROM="+15125550100",
        TWILIO_SMS_FROM="+15125550101", MAIL_URL=f"smtp://127.0.0.1:{smtp_port}", MAIL_FROM="d@dibs.example",
        CLIENT_HOURS="0-24", PORT=str(port), MIGRATE="1", WEB_WORKERS="1", VOICE_WORKERS="1",
    )  # fmt: skip
    log = (tmp_path / "run.log").open("wb")
    with log, subprocess.Popen([sys.executable, "-m", "deploy.run"], cwd=ROOT, env=env, stdout=log, stderr=log) as live:
        try:
            eventually(lambda: _ready(url), "a ready product", patience=60)
            key = run("flask", "--app", "wsgi", "keys", "create", "live", **env, DIBS_ENV="production").stdout.strip()
            _walk(url, key, carrier, mailbox)
            before = {child.pid for child in descendants(live.pid)}
            restarted = run("deploy.restart", PORT=str(port))
            assert restarted.returncode == 0, restarted.stdout + restarted.stderr
            eventually(
                lambda: len(before & {child.pid for child in descendants(live.pid)}) <= MASTERS,
                "the new ones",
                patience=60,
            )
            eventually(lambda: _ready(url), "they are ready, too", patience=60)
            children = descendants(live.pid)
        finally:
            live.terminate()
            live.wait(20)
    assert all_gone(children)
    smtp.stop()
    carrier.shutdown()
    carrier.server_close()


def _ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/readyz", timeout=5).ok
    except requests.RequestException:
        return False


def _walk(url: str, key: str, carrier: SlowCarrier, mailbox: Path) -> None:
    def post(path: str, body: object) -> str:
        answer = requests.post(f"{url}/api/v1{path}", json=body, headers={"Authorization": f"Bearer {key}"}, timeout=10)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    agent = {"name": "Sam Ortiz", "email": "sam@agents.example", "phone": "512 555 1001", "takes": ["seller"]}
    agent_id = post("/agents", {**agent, "time_zone": "America/Chicago"})
    client = {"name": "Maria Delgado", "phone": "512 555 7001", "email": "maria@mail.example"}
    area = {"city": "Austin", "state": "TX", "zip": "78704"}
    price = {"min": 590000, "max": 610000}
    referral_id = post(
        "/referrals", {"kind": "seller", "client": client, "area": area, "price": price, "agent_id": agent_id}
    )
    eventually(lambda: [text for text in carrier.texts if "we text you referrals" in text["Body"]], "the first text")
    (text, *_) = eventually(lambda: [text for text in carrier.texts if LINK.search(text["Body"])], "the text")
    link = LINK.findall(text["Body"])[0]
    assert "Call me to Claim Referral" in requests.get(link, timeout=10).text
    requests.post(f"{link}/call", headers={"Sec-Fetch-Site": "same-origin"}, timeout=10)
    assert carrier.client_answered.wait(15)
    assert 'data-phase="connected"' in requests.get(link, timeout=10).text
    found = requests.get(
        f"{url}/api/v1/referrals/{referral_id}", headers={"Authorization": f"Bearer {key}"}, timeout=10
    )
    assert (found.json()["status"], found.json()["claimed_by"]) == ("claimed", agent_id)
    carrier.may_hang_up.set()
    eventually(lambda: any("Maria Delgado" in mail.read_text() for mail in (mailbox / "new").iterdir()), "the details")
    assert len(carrier.calls) == 1
