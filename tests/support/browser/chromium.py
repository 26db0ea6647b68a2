"""Debian's Chromium, as a phone and as a desk have it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize

from tests.support.world.waiting import eventually

OUTPUT = Path(__file__).resolve().parents[2] / "output"
PICTURES = "PICTURES" in os.environ
"""`make pictures` sets it."""
WHOLE = shutil.which("chromium")
"""Chromium as people have it."""
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES: dict[str, ViewportSize] = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 900}}


@contextmanager
def as_people_have_it(browser: Browser, profile: Path, **env: str) -> Iterator[BrowserContext]:
    """One that tells each tab the truth about who is in front; Playwright's own tells every tab that it is."""
    program = WHOLE or browser.browser_type.executable_path
    asked = [*FLAGS, "--headless", "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"]
    with subprocess.Popen([program, *asked], env={**os.environ, **env}, stderr=subprocess.DEVNULL) as running:
        try:
            port = eventually(lambda: devtools_port(profile), "a Chromium that listens")
            yield browser.browser_type.connect_over_cdp(f"http://127.0.0.1:{port}", no_defaults=True).contexts[0]
        finally:
            running.terminate()


def devtools_port(profile: Path) -> str | None:
    """What a Chromium writes into its profile once it listens."""
    written = profile / "DevToolsActivePort"
    return written.read_text().partition("\n")[0] if written.exists() else None


def watched(browser: Browser, size: str) -> tuple[Page, list[str]]:
    """A fresh page, and the list in which its complaints gather."""
    page = browser.new_context(viewport=SIZES[size], reduced_motion="reduce").new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def opened_page(browser: Browser, link: str, size: str) -> tuple[Page, list[str]]:
    """The same, with `link` open in it."""
    page, complaints = watched(browser, size)
    page.goto(link)
    return page, complaints


def picture(shown: Page | Locator, name: str, *, full_page: bool = False) -> None:
    """Kept as test output, where pictures were asked for: each takes as long as the rest of a test."""
    if not PICTURES:
        return
    path = OUTPUT / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(shown, Page):
        shown.screenshot(path=path, animations="disabled", full_page=full_page)
    else:
        shown.screenshot(path=path, animations="disabled")
