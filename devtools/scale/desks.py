"""What many admins with the board open cost: each asks for news of the list every three seconds."""

import time

import psutil

from devtools.scale.site import Site

DESKS, EVERY_SECONDS, LASTS_SECONDS = 50, 3.0, 30.0


def share_of_a_core(site: Site) -> float:
    """The share of one core they use: CPU time of this process, which answers, and of Postgres."""
    admin = site.admin()
    admin.polls("/admin/list")
    (row,) = site.rows("SELECT pg_backend_pid() AS pid")
    postmaster = psutil.Process(row["pid"]).parent()
    assert postmaster is not None
    began, before = time.monotonic(), _cpu_seconds(postmaster)
    for poll in range(int(DESKS * LASTS_SECONDS / EVERY_SECONDS)):
        time.sleep(max(0.0, began + poll * EVERY_SECONDS / DESKS - time.monotonic()))
        admin.polls("/admin/list")
    return (_cpu_seconds(postmaster) - before) / LASTS_SECONDS


def _cpu_seconds(postmaster: psutil.Process) -> float:
    """So far, of this process, of Postgres' processes, and of those that have ended."""
    ended = postmaster.cpu_times()
    living = (process.cpu_times() for process in (postmaster, *postmaster.children()))
    postgres = sum(times.user + times.system for times in living)
    return float(time.process_time() + postgres + ended.children_user + ended.children_system)
