"""A new release takes over: nobody who taps, presses or looks meanwhile is refused."""

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil
import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

LOOKING = 4
ONCE_MORE = HTTPAdapter(max_retries=Retry(total=1, connect=0, read=1))
"""A process that ends closes what it has just accepted and not yet read. Browsers and proxies ask again then, as this
does; none asks again where nobody listens."""


@contextmanager
def people_looking(url: str) -> Iterator[Counter[str]]:
    """They open a page again and again, each time by a connection of their own; what each was answered."""
    seen: Counter[str] = Counter()
    over = threading.Event()

    def looks() -> None:
        while not over.is_set():
            try:
                with requests.Session() as browser:
                    browser.mount("http://", ONCE_MORE)
                    seen[str(browser.get(url, timeout=20).status_code)] += 1
            except requests.RequestException as error:
                seen[type(error).__name__] += 1

    threads = [threading.Thread(target=looks) for _ in range(LOOKING)]
    for thread in threads:
        thread.start()
    yield seen
    over.set()
    for thread in threads:
        thread.join()


def workers(master: psutil.Process) -> set[int]:
    """The web processes below the one that holds the socket."""
    found = set()
    for child in master.children():
        with suppress(psutil.NoSuchProcess):
            if "resource_tracker" not in " ".join(child.cmdline()):
                found.add(child.pid)
    return found


@pytest.mark.process
def test_no_request_is_refused_and_calls_in_a_menu_go_on(network: Network, sam: AgentInTest, product: Product) -> None:
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().hears("Press 1 to claim")
    master = psutil.Process(product.web.pid)
    old = workers(master)
    with people_looking(page.link) as seen:
        eventually(lambda: seen["200"] > LOOKING, "they look")
        master.send_signal(signal.SIGHUP)
        eventually(lambda: len(workers(master)) > len(old), "the new one beside the old one", patience=60)
        sam.phone.press("1").hears("It's yours")
        network.client_phone(referral).rings().answer()
        page.becomes("connected")
        eventually(lambda: not old & workers(master), "the old one has ended", patience=60)
        before = seen["200"]
        eventually(lambda: seen["200"] > before + LOOKING, "they look at the new one")
    assert set(seen) == {"200"}, seen
