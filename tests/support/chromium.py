"""Debian's Chromium, as a phone and as a desk have it."""

from playwright.sync_api import Browser, Page, ViewportSize

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
