"""`make restart`: the release on disk takes over from the running one, and no request is refused.

Web processes are replaced one by one: a new one starts beside the old one, which finishes its requests and exits. Then
the workers restart one by one, each after finishing its job. Settings stay those of `make run`; to change them, stop
and start that.
"""

import os
import subprocess
import sys

from deploy.processes import BIN, ROOT, run_folder, setting

NOT_RUNNING = 4
"""Exit status of supervisorctl when it cannot reach supervisord: https://supervisord.org/running.html"""


def main() -> int:
    """The exit status says whether everything was restarted."""
    config = run_folder(os.environ, setting(os.environ, "PORT", 8000)) / "supervisord.conf"
    control = [str(BIN / "supervisorctl"), "-c", str(config)]
    status = subprocess.run([*control, "status"], cwd=ROOT, check=False, capture_output=True, text=True)
    names = [line.split()[0] for line in status.stdout.splitlines() if "RUNNING" in line]
    if status.returncode == NOT_RUNNING or not names:
        print("Dibs is not running here. Start it with `make run`.", file=sys.stderr)
        return 1
    web = [name for name in names if name.startswith("web:")]
    subprocess.run([*control, "signal", "HUP", *web], cwd=ROOT, check=True)
    for worker in (name for name in names if name not in web):
        subprocess.run([*control, "restart", worker], cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
