"""`make pictures`: what the tests have just taken, put where it is shown: docs/, the README, the app's manifest."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from app.claims.phases import Phase
from deploy.processes import ROOT

TAKEN = ROOT / "tests" / "output"
DOCS = ROOT / "docs" / "pictures"
SCREENS = ROOT / "static" / "screens"
PAGES = ("home", "client", "team", "figures", "me", "past")
"""Of the portal."""
DESK = (
    "board", "desk-referral", "line", "agents", "agent", "network-figures", "routing", "why", "terms", "network",
    "people", "webhook", "second-factor", "invite",
)  # fmt: skip
"""Of the admins."""
PLAIN = 100
"""Per cent: the browser's default text size."""
SHEET = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 24px; display: flex; flex-wrap: wrap; gap: 24px; align-items: end; font: 12px system-ui; color: #555 }}
figure {{ margin: 0 }} img {{ display: block; border: 1px solid #ccc; margin-bottom: 6px }}
</style>{figures}"""


def main() -> int:
    """Copies each picture under the name it is shown by."""
    for phase in Phase:
        _keep(TAKEN / "claim-page" / f"{phase}-phone.png", DOCS / "claim-page" / f"{phase}.png")
    _keep(TAKEN / "claim-page" / "ringing-phone-dark.png", DOCS / "claim-page" / "ringing-dark.png")
    _keep(TAKEN / "sandbox.png", DOCS / "sandbox.png")
    for form in ("narrow", "wide"):
        _keep(TAKEN / "app" / "screens" / f"{form}.png", SCREENS / f"{form}.png")
    for name in (*PAGES, *DESK):
        for size in ("phone", "desk"):
            _keep(TAKEN / "screens" / f"{name}-{size}-light.png", DOCS / "screens" / f"{name}-{size}.png")
    for size in ("phone", "desk"):
        for name in ("client", "board"):
            _keep(TAKEN / "screens" / f"{name}-{size}-dark.png", DOCS / "screens" / f"{name}-{size}-dark.png")
        for name in ("home", "client"):
            _keep(TAKEN / "screens" / f"{name}-{size}-light-es.png", DOCS / "screens" / f"{name}-{size}-es.png")
    _keep_sheets()
    return 0


def _keep_sheets() -> None:
    """One sheet for each face, with all sizes."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=ViewportSize(width=1440, height=100))
        for phase in Phase:
            sheet = TAKEN / "fits" / f"{phase}.html"
            sheet.write_text(SHEET.format(figures="".join(_figures(phase))), encoding="utf-8")
            page.goto(sheet.as_uri())
            target = DOCS / "fits" / f"{phase}.jpg"
            target.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=target, full_page=True, type="jpeg", quality=60)
        browser.close()


def _figures(phase: Phase) -> Iterator[str]:
    """The face at each size, scaled to a quarter."""
    for path in sorted(TAKEN.glob(f"fits/{phase}-*.png"), key=_size):
        width, height, text = _size(path)
        words = f"{width} x {height}" + (f", text at {text} %" if text != PLAIN else "")
        yield f'<figure><img src="{path.name}" width="{width // 4}"><figcaption>{words}</figcaption></figure>'


def _size(path: Path) -> tuple[int, ...]:
    _, size, text = path.stem.rsplit("-", 2)
    return (*map(int, size.split("x")), int(text))


def _keep(taken: Path, kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(taken, kept)


if __name__ == "__main__":
    sys.exit(main())
