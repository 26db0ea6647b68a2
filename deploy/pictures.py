"""`make pictures`: the phone's pictures of the claim page, as its tests have just taken them, into docs/."""

import shutil
import sys

from app.flows.phases import Phase
from deploy.processes import ROOT

TAKEN = ROOT / "tests" / "output" / "claim-page"
KEPT = ROOT / "docs" / "pictures" / "claim-page"


def main() -> int:
    """Copies one picture for each face."""
    KEPT.mkdir(parents=True, exist_ok=True)
    for phase in Phase:
        shutil.copyfile(TAKEN / f"{phase}-phone.png", KEPT / f"{phase}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
