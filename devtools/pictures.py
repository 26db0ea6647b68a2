"""`make pictures`: what the tests have just taken, put where it is shown: docs/, the README, the app's manifest."""

import shutil
import sys
from pathlib import Path

from app.claims.phases import Phase
from deploy.processes import ROOT

TAKEN = ROOT / "tests" / "output"
DOCS = ROOT / "docs" / "pictures"
SCREENS = ROOT / "static" / "screens"


def main() -> int:
    """Copies each picture under the name it is shown by."""
    for phase in Phase:
        _keep(TAKEN / "claim-page" / f"{phase}-phone.png", DOCS / "claim-page" / f"{phase}.png")
    _keep(TAKEN / "claim-page" / "ringing-phone-dark.png", DOCS / "claim-page" / "ringing-dark.png")
    _keep(TAKEN / "sandbox.png", DOCS / "sandbox.png")
    for form in ("narrow", "wide"):
        _keep(TAKEN / "app" / "screens" / f"{form}.png", SCREENS / f"{form}.png")
    return 0


def _keep(taken: Path, kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(taken, kept)


if __name__ == "__main__":
    sys.exit(main())
