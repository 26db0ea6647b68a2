"""The processes of a running Dibs, and the supervisor that keeps them up: one way for the demo and for real."""

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
STOP_SECONDS = 20
"""Longer than a provider may take to answer: what is on its way is finished."""


@dataclass(frozen=True)
class Program:
    """One kind of process; `count` of them run, and one that dies is started again."""

    name: str
    command: Sequence[str]
    count: int = 1
    priority: int = 10
    env: Mapping[str, str] = field(default_factory=dict)
    """Environment variables for this program alone."""


def web(host: str, port: int, workers: int) -> Program:
    """The web server."""
    return Program("web", web_command(host, port, workers))


def web_command(host: str, port: int, workers: int) -> list[str]:
    """The command that serves the product with this many processes."""
    return [sys.executable, "-m", "deploy.web", host, str(port), str(workers)]


def workers(voice: int = 2, messages: int = 1) -> list[Program]:
    """Everything that works without being asked over HTTP. Voice has its own: it never waits behind messages."""
    return [
        Program("voice", [sys.executable, "worker.py", "voice"], count=voice),
        Program("messages", [sys.executable, "worker.py", "messages"], count=messages),
        Program("sweeper", [sys.executable, "worker.py", "sweeper"]),
    ]


def metrics(port: int, run_dir: Path, programs: Sequence[Program]) -> list[Program]:
    """The programs and the metrics server. The web server writes its measurements to a folder that both know."""
    folder = run_dir / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    env = {"PROMETHEUS_MULTIPROC_DIR": str(folder)}
    asked = Program("metrics", [sys.executable, "worker.py", "metrics"], env={**env, "METRICS_PORT": str(port)})
    return [*(replace(one, env=env) if one.name == "web" else one for one in programs), asked]


def supervisor_config(programs: Sequence[Program], *, run_dir: Path, log_dir: Path | None) -> str:
    """A supervisord configuration. Logs go to `log_dir`, or to our own output when there is none."""
    lines = [
        "[supervisord]",
        "nodaemon=true",
        "silent=true",
        f"pidfile={run_dir / 'supervisord.pid'}",
        f"logfile={(log_dir or run_dir) / 'supervisord.log'}",
        "logfile_maxbytes=5MB",
        "logfile_backups=1",
        f"directory={_escape(ROOT)}",
        "strip_ansi=true",
        "",
        "[unix_http_server]",
        f"file={run_dir / 'control'}",
        "chmod=0600",
        "[supervisorctl]",
        f"serverurl=unix://{run_dir / 'control'}",
        "[rpcinterface:supervisor]",
        "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
    ]
    if os.geteuid() == 0:
        lines.insert(1, "user=root")
    for program in programs:
        lines += _program(program, log_dir)
    return "\n".join(lines) + "\n"


def _program(program: Program, log_dir: Path | None) -> list[str]:
    log = log_dir / f"{program.name}.log" if log_dir else Path("/dev/stdout")
    return [
        "",
        f"[program:{program.name}]",
        f"command={_escape(' '.join(_quote(part) for part in program.command))}",
        f"numprocs={program.count}",
        "environment=" + ",".join(f'{name}="{_escape(value)}"' for name, value in program.env.items()),
        "process_name=%(program_name)s-%(process_num)d",
        f"priority={program.priority}",
        "autorestart=true",
        "startsecs=1",
        "startretries=10",
        f"stopwaitsecs={STOP_SECONDS}",
        "stopasgroup=true",
        "killasgroup=true",
        "redirect_stderr=true",
        f"stdout_logfile={_escape(log)}",
        f"stdout_logfile_maxbytes={'5MB' if log_dir else '0'}",
        f"stdout_logfile_backups={1 if log_dir else 0}",
    ]


def supervisor_command(config: Path) -> list[str]:
    """Runs supervisord on a configuration, in the foreground."""
    return [str(BIN / "supervisord"), "-c", str(config)]


def write_config(path: Path, text: str) -> Path:
    """Writes a configuration that only we may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def run_folder(env: Mapping[str, str], port: int) -> Path:
    """The folder from which a running Dibs is controlled, private to this user and named by its port.

    Raises SystemExit if it belongs to somebody else.
    """
    folder = Path(env.get("RUNTIME_DIRECTORY") or Path(tempfile.gettempdir()) / f"dibs-run-{os.geteuid()}-{port}")
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.geteuid() or folder.is_symlink():
        raise SystemExit(f"{folder}: belongs to somebody else")
    return folder


def setting(env: Mapping[str, str], name: str, default: int) -> int:
    """A whole number from the environment. Raises SystemExit naming the setting."""
    raw = env.get(name) or str(default)
    if not raw.isdigit():
        raise SystemExit(f"{name}: must be a whole number")
    return int(raw)


def _escape(value: object) -> str:
    return str(value).replace("%", "%%")


def _quote(part: str) -> str:
    return f'"{part}"' if " " in part else part
