"""The processes of a running Dibs, and the supervisor that keeps them up: one way for the demo and for real."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
STOP_SECONDS = 20
"""Longer than a provider may take to answer: what is on its way is finished."""
WEB_BACKLOG = 1024
WEB_THREADS = 8


@dataclass(frozen=True)
class Program:
    """One kind of process; `count` of them run, and one that dies is started again."""

    name: str
    command: Sequence[str]
    count: int = 1
    priority: int = 10


def web(host: str, port: int, workers: int) -> Program:
    """The web server. Its access log is off: paths carry tokens; the app logs each request without them."""
    return Program("web", [
        str(BIN / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", str(WEB_THREADS), "--backlog", str(WEB_BACKLOG), "--no-access-log", "--log-level",
        "warning", "--workers-kill-timeout", "8", "--respawn-failed-workers", "wsgi:app",
    ])  # fmt: skip


def workers(voice: int = 2, messages: int = 1) -> list[Program]:
    """Everything that works without being asked over HTTP. Voice has its own: it never waits behind messages."""
    return [
        Program("voice", [sys.executable, "worker.py", "voice"], count=voice),
        Program("messages", [sys.executable, "worker.py", "messages"], count=messages),
        Program("sweeper", [sys.executable, "worker.py", "sweeper"]),
    ]


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
    ]
    if os.geteuid() == 0:
        lines.append("user=root")
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
