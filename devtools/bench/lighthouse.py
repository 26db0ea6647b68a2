"""Lighthouse's mobile scores of the pages that agents open: on the slow phone and network that it simulates."""

import json
import shutil
import statistics
import subprocess
from pathlib import Path

VERSION = "12.8.2"
PLACE = Path(__file__).resolve().parents[2] / ".local" / "lighthouse"
PROGRAM = PLACE / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices")
RUNS = 3


def installed() -> bool:
    """Whether it is here; fetches it if npm can."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return False
    if not PROGRAM.exists():
        PLACE.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--silent", "--no-save", "--no-package-lock", "--prefix", str(PLACE)]
        subprocess.run([*install, f"lighthouse@{VERSION}"], check=False)
    return PROGRAM.exists()


def scores(url: str, cookie: str = "") -> list[int]:
    """Each of 0 to 100, as CATEGORIES names them, of the page that whoever has `cookie` sees: the median of RUNS."""
    runs = [_run(url, cookie) for _ in range(RUNS)]
    return [round(statistics.median(run[name] for run in runs)) for name in CATEGORIES]


def _run(url: str, cookie: str) -> dict[str, float]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or playwright.chromium.executable_path
    ran = subprocess.run(
        [
            "node", str(PROGRAM), url, "--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu", f"--chrome-path={chromium}",
            f"--extra-headers={json.dumps({'Cookie': cookie} if cookie else {})}",
        ],
        capture_output=True, text=True, check=True, timeout=180,
    )  # fmt: skip
    return {name: found["score"] * 100 for name, found in json.loads(ran.stdout)["categories"].items()}
