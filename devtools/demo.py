"""`make demo`: everything on this machine, nothing to configure. Ctrl-C stops it all; the data stays in .local/."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import Any

from app.config.development import DEVELOPMENT
from app.config.localdir import socket_dir
from app.config.push_hosts import PUSH_SERVICES
from deploy.ports import refuse_taken_port
from deploy.processes import (
    ROOT,
    Program,
    setting,
    supervisor_command,
    supervisor_config,
    web,
    workers,
    write_config,
)
from devtools.demo_push import subscribe_agents
from devtools.postgres import Postgres
from devtools.valkey import Valkey

LOCAL = ROOT / ".local"
HOST = "127.0.0.1"
READY_SECONDS = 30
STOP_SECONDS = 25
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


class Stopped(Exception):
    """Ctrl-C, or a polite kill."""


class Demo:
    """The servers, the supervisor, and their end."""

    def __init__(self) -> None:
        self.port = setting(os.environ, "PORT", 8000)
        self.sandbox_port = setting(os.environ, "SANDBOX_PORT", 8001)
        self.smtp_port = setting(os.environ, "SANDBOX_SMTP_PORT", 8025)
        sockets = socket_dir()
        self._sockets = sockets
        self._postgres = Postgres(LOCAL / "postgres", sockets)
        self._valkey = Valkey(LOCAL / "valkey", sockets)
        self._supervisor: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """Starts everything, says where it is, and waits to be stopped."""
        began = time.monotonic()
        for name, port in (("PORT", self.port), ("SANDBOX_PORT", self.sandbox_port),
                           ("SANDBOX_SMTP_PORT", self.smtp_port)):  # fmt: skip
            refuse_taken_port(name, HOST, port)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _raise_stopped)
        try:
            self._start()
            self._say(time.monotonic() - began)
            assert self._supervisor is not None
            return self._supervisor.wait()
        except Stopped:
            print("\nStopping. The data stays in .local/.", flush=True)
            return 0
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            self._stop()

    def _start(self) -> None:
        LOCAL.mkdir(exist_ok=True)
        os.environ.update(self._environment())
        self._postgres.start()
        self._valkey.start()
        self._postgres.make_database("dibs")
        _flask("db", "upgrade")
        programs = [
            Program("sandbox", [sys.executable, "-m", "sandbox"], priority=1),
            web(HOST, self.port, workers=1),
            *workers(voice=1),
        ]
        log_dir = LOCAL / "log"
        log_dir.mkdir(exist_ok=True)
        text = supervisor_config(programs, run_dir=self._sockets, log_dir=log_dir)
        config = write_config(self._sockets / "supervisord.conf", text)
        self._supervisor = subprocess.Popen(supervisor_command(config), cwd=ROOT, start_new_session=True)
        self._sign_ins = _flask("seed")
        self._wait_until_ready()
        self._label_phones()
        subscribe_agents(f"http://{HOST}:{self.sandbox_port}", lambda wanted: self._tell_sandbox("browsers", wanted))

    def _label_phones(self) -> None:
        """Names on the sandbox's handsets, so that one knows whose rings.

        Agents have one from the start. A client's appears with the first call to it: the name is given beforehand, on
        every start, since the sandbox keeps handsets but neither names nor the calls that tell whose they are.
        """
        agents = self._postgres.query("dibs", "SELECT phone, name FROM agent ORDER BY id")
        clients = self._postgres.query("dibs", "SELECT phone, name || ', client' FROM client ORDER BY id")
        self._tell_sandbox("names", {number: "|".join(name) for number, *name in [*clients, *agents]})
        for number, *_ in agents:
            self._tell_sandbox("phones", {"number": number})

    def _tell_sandbox(self, path: str, values: dict[str, str]) -> dict[str, Any]:
        url, body = f"http://{HOST}:{self.sandbox_port}/control/{path}", json.dumps(values).encode()
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            told: dict[str, Any] = json.load(answer)
        return told

    def _environment(self) -> dict[str, str]:
        """Development's values, on the ports of this run."""
        url = f"http://localhost:{self.port}"
        return DEVELOPMENT | {
            "DIBS_ENV": "development",
            "PUBLIC_URL": url,
            "TWILIO_API_URL": f"http://{HOST}:{self.sandbox_port}",
            "MAIL_URL": f"smtp://{HOST}:{self.smtp_port}",
            "PUSH_HOSTS": f"{HOST}:{self.sandbox_port},localhost:{self.sandbox_port},{PUSH_SERVICES}",
            "WEBHOOK_HOSTS": f"{HOST}:{self.sandbox_port},localhost:{self.sandbox_port}",
            "DATABASE_URL": self._postgres.url("dibs"),
            "REDIS_URL": self._valkey.url(),
            "CLIENT_HOURS": os.environ.get("CLIENT_HOURS", "0-24"),
            "PORT": str(self.port),
            "SANDBOX_PORT": str(self.sandbox_port),
            "SANDBOX_SMTP_PORT": str(self.smtp_port),
            "SANDBOX_STATE": str(LOCAL / "sandbox.json"),
            "SANDBOX_CLIENT_ANSWERS": os.environ.get("SANDBOX_CLIENT_ANSWERS", ""),
        }

    def _wait_until_ready(self) -> None:
        assert self._supervisor is not None
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self._supervisor.poll() is not None:
                break
            if _answers(f"http://{HOST}:{self.port}/readyz") and _answers(f"http://{HOST}:{self.sandbox_port}/"):
                return
            time.sleep(0.1)
        raise SystemExit(f"Dibs did not get ready. Its logs are in {LOCAL.relative_to(ROOT) / 'log'}/.")

    def _say(self, seconds: float) -> None:
        portal, sandbox = f"http://localhost:{self.port}", f"http://localhost:{self.sandbox_port}"
        print(
            f"\nDibs is ready ({seconds:.1f} s).\n\n"
            f"  Portal   {portal}/\n"
            f"  Admin    {portal}/admin/\n"
            f"  Sandbox  {sandbox}/   phones, texts and the inbox\n\n"
            f"Sign in with one of these links, each once:\n\n{_indented(self._sign_ins)}\n"
            f'Start in the sandbox: open a text, tap its link, then "Call me to Claim Referral".\n'
            "Ctrl-C stops everything.",
            flush=True,
        )

    def _stop(self) -> None:
        if self._supervisor is not None and self._supervisor.poll() is None:
            self._supervisor.terminate()
            try:
                self._supervisor.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self._supervisor.pid, signal.SIGKILL)
        self._valkey.stop()
        self._postgres.stop()
        for left in self._sockets.glob("supervisord.*"):
            left.unlink(missing_ok=True)


def _raise_stopped(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _flask(*arguments: str) -> str:
    done = subprocess.run(
        [*FLASK, *arguments], cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    if done.returncode != 0:
        raise SystemExit(f"flask {' '.join(arguments)} failed:\n{done.stdout}")
    return done.stdout


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _indented(text: str) -> str:
    lines = [line for line in text.splitlines() if line and not line.startswith("{")]
    return "".join(f"  {line}\n" for line in lines)


if __name__ == "__main__":
    if shutil.which("supervisord", path=str(Path(sys.executable).parent)) is None:
        sys.exit("Run `make demo`: it installs what this needs.")
    sys.exit(Demo().run())
