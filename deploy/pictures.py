"""`make pictures`: what the tests have just taken: the claim page's faces for docs/, the screens of the manifest."""

import shutil
import sys

from app.flows.phases import Phase
from deploy.processes import ROOT

TAKEN = ROOT / "tests" / "output" / "claim-page"
KEPT = ROOT / "docs" / "pictures" / "claim-page"
SCREENS_TAKEN = ROOT / "tests" / "output" / "app" / "screens"
SCREENS_KEPT = ROOT / "static" / "screens"


def main() -> int:
    """Copies one picture for each face, and one for each form of screen."""
    KEPT.mkdir(parents=True, exist_ok=True)
    for phase in Phase:
        shutil.copyfile(TAKEN / f"{phase}-phone.png", KEPT / f"{phase}.png")
    SCREENS_KEPT.mkdir(parents=True, exist_ok=True)
    for form in ("narrow", "wide"):
        shutil.copyfile(SCREENS_TAKEN / f"{form}.png", SCREENS_KEPT / f"{form}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
