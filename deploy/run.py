"""`make run`: the product for real, from the environment alone. Web and workers under one supervisor."""

import os
import subprocess
import sys

from deploy.ports import refuse_taken_port
from deploy.processes import (
    ROOT,
    metrics,
    run_folder,
    setting,
    supervisor_command,
    supervisor_config,
    web,
    workers,
    write_config,
)

FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


def main() -> int:
    """Checks the settings, migrates when told to, and becomes the supervisor. Returns only when it cannot."""
    env = os.environ
    env["DIBS_ENV"] = "production"
    host, port = env.get("HOST") or "127.0.0.1", setting(env, "PORT", 8000)
    web_workers, voice_workers = setting(env, "WEB_WORKERS", 2), setting(env, "VOICE_WORKERS", 2)
    message_workers = setting(env, "MESSAGE_WORKERS", 1)
    checked = subprocess.run([*FLASK, "check-settings"], cwd=ROOT, check=False)
    if checked.returncode != 0:
        return checked.returncode
    refuse_taken_port("PORT", host, port)
    if env.get("MIGRATE") == "1":
        migrated = subprocess.run([*FLASK, "db", "upgrade"], cwd=ROOT, check=False)
        if migrated.returncode != 0:
            return migrated.returncode
    if os.geteuid() == 0:
        print("Dibs is running as root, which it does not need: see deploy/systemd/dibs.service.", file=sys.stderr)
    run_dir = run_folder(env, port)
    programs = [web(host, port, web_workers), *workers(voice_workers, message_workers)]
    metrics_port = setting(env, "METRICS_PORT", 0)
    if metrics_port:
        refuse_taken_port("METRICS_PORT", env.get("METRICS_HOST") or "127.0.0.1", metrics_port)
        programs = metrics(metrics_port, run_dir, programs)
    config = write_config(run_dir / "supervisord.conf", supervisor_config(programs, run_dir=run_dir, log_dir=None))
    command = supervisor_command(config)
    os.chdir(ROOT)
    return os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main())
