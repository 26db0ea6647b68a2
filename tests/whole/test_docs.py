"""What the documents draw is what the code says."""

from app.claims.phases import Phase
from deploy.processes import ROOT
from devtools.states import PAGE, drawn

DOCS = ROOT / "docs"


def test_the_transition_tables_are_those_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert drawn(page) == page, "run `make docs`"


def test_every_face_of_the_claim_page_is_shown() -> None:
    page = (DOCS / "claim-page.md").read_text(encoding="utf-8")
    for phase in Phase:
        assert f"**`{phase}`**" in page
        assert (DOCS / "pictures" / "claim-page" / f"{phase}.png").exists()
