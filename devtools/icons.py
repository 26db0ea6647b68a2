"""`python -m devtools.icons`: every icon of the app, drawn from static/icons/icon.svg by the tests' Chromium."""

import re
import shutil
import sys
from dataclasses import dataclass

from playwright.sync_api import Browser, sync_playwright

from deploy.processes import ROOT

ICONS = ROOT / "static" / "icons"
FLAGS = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]


@dataclass(frozen=True)
class Icon:
    """One file: `name-size.png`."""

    name: str
    size: int
    drawing: str

    @property
    def file(self) -> str:
        return f"{self.name}-{self.size}.png"


def icons(drawing: str) -> list[Icon]:
    """All of them. A phone cuts its own shape out of the maskable ones, and an iPhone out of its touch icon."""
    full = drawing.replace('rx="15" ', "")
    # A status bar takes the alpha channel alone: the key without the ground.
    key = re.sub(r"<rect[^>]*/>", "", drawing).replace('viewBox="0 0 64 64"', 'viewBox="8 8 48 48"')
    return [
        *(Icon("icon", size, drawing) for size in (192, 512)),
        *(Icon("maskable", size, full) for size in (192, 512)),
        Icon("touch", 180, full),
        Icon("badge", 96, key),
    ]


def main() -> int:
    """Draws them."""
    drawing = (ICONS / "icon.svg").read_text(encoding="utf-8").strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for icon in icons(drawing):
            (ICONS / icon.file).write_bytes(_drawn(browser, icon))
        browser.close()
    return 0


def _drawn(browser: Browser, icon: Icon) -> bytes:
    page = browser.new_page(viewport={"width": icon.size, "height": icon.size})
    page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{icon.drawing}")
    picture = page.screenshot(omit_background=True)
    page.close()
    return picture


if __name__ == "__main__":
    sys.exit(main())
