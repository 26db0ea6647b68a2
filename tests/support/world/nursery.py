"""Processes of the product without the two seconds that their imports take: forked from one that has them already.

`python -m tests.support.world.nursery` takes requests on its input, one of JSON a line. A child runs the entry point it
was asked for, with the arguments, environment and output that a process of its own would have.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from deploy.processes import ROOT

IMPORTED = ("app", "worker", "deploy.web", "sandbox.__main__")
"""What the product's processes run. Not wsgi, which makes an app as it is imported."""


class Nursery:
    """Starts processes, and knows whether they have ended."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.support.world.nursery"]
        self._lock = threading.Lock()
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        atexit.register(self._process.kill)

    def start(self, command: Sequence[str], env: Mapping[str, str], log: Path, *, imports: bool = False) -> int:
        """The process id. `command` begins with the interpreter; `log` takes what is printed.

        `imports`: it imports everything itself, for settings that are read as that is done.
        """
        pid: int = self._ask(start=command[1:], env=dict(env), log=str(log), imports=imports)
        return pid

    def is_over(self, pid: int) -> bool:
        """Whether a process that was started here has ended."""
        over: bool = self._ask(look=pid)
        return over

    def _ask(self, **request: object) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())


@lru_cache(maxsize=1)
def nursery() -> Nursery:
    """This test worker's."""
    return Nursery()


def _serve(requests: BinaryIO) -> dict[str, Any] | None:
    """Answers until nobody asks any more; in a child, returns at once with what it is to be."""
    children: set[int] = set()
    for line in requests:
        request = json.loads(line)
        if "look" in request:
            answer: object = _has_ended(request["look"], children)
        else:
            answer = os.fork()
            if answer == 0:
                return request  # type: ignore[no-any-return]
            children.add(answer)
        print(json.dumps(answer), flush=True)
    for pid in children:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    return None


def _has_ended(pid: int, children: set[int]) -> bool:
    if pid in children and os.waitpid(pid, os.WNOHANG)[0] == pid:
        children.discard(pid)
    return pid not in children


def _become(request: Mapping[str, Any]) -> None:
    os.setsid()
    os.environ.clear()
    os.environ.update(request["env"])
    log = os.open(request["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for taken, here in ((os.open(os.devnull, os.O_RDONLY), 0), (log, 1), (log, 2)):
        os.dup2(taken, here)
    first, *others = request["start"]
    if request["imports"]:
        os.execv(sys.executable, [sys.executable, first, *others])
    if first == "-m":
        sys.argv = others
        runpy.run_module(others[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = [first, *others]
        runpy.run_path(first, run_name="__main__")


if __name__ == "__main__":
    for name in IMPORTED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # the children share it as long as nobody touches it
    asked = _serve(sys.stdin.buffer)
    if asked is not None:
        _become(asked)
