"""Debian's Chromium, as a phone and as a desk have it."""

from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

OUTPUT = Path(__file__).resolve().parents[1] / "output"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES: dict[str, ViewportSize] = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 900}}


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


def picture(page: Page, name: str) -> None:
    """Kept as test output."""
    path = OUTPUT / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, animations="disabled")
