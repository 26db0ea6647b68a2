"""What many admins with the board open cost: each asks for news of the list every three seconds."""

import time

from devtools.scale.site import Site

DESKS, EVERY_SECONDS, LASTS_SECONDS = 50, 3.0, 15.0


def share_of_a_core(site: Site) -> float:
    """The share of one core they use: the time spent answering polls, in this process or in Postgres."""
    admin = site.admin()
    admin.polls("/admin/list")
    began, busy = time.monotonic(), 0.0
    for poll in range(int(DESKS * LASTS_SECONDS / EVERY_SECONDS)):
        time.sleep(max(0.0, began + poll * EVERY_SECONDS / DESKS - time.monotonic()))
        asked = time.perf_counter()
        admin.polls("/admin/list")
        busy += time.perf_counter() - asked
    return busy / LASTS_SECONDS
