"""docs/architecture.md shows the ways that the code really goes. `make docs` draws them."""

import os
import re

from deploy.processes import ROOT
from tests.support.world.in_process import InProcess
from tests.support.world.walks import Walk, all_walks

PAGE = ROOT / "docs" / "architecture.md"
DRAWN = re.compile(r"(<!-- walks: drawn by make docs -->\n).*?(<!-- end -->)", re.DOTALL)
MOST_CHANGES = {"A tap": 11, "Key 1": 15, "A message": 25, "An unchanged poll": 4}
"""From one package to another: more, and what belongs together has come apart."""


def test_the_page_shows_the_ways_that_the_code_goes(in_process: InProcess) -> None:
    walks = all_walks(in_process)
    page = PAGE.read_text(encoding="utf-8")
    drawn = DRAWN.sub(lambda found: f"{found[1]}{_drawn(walks)}{found[2]}", page)
    if os.environ.get("DRAW_WALKS"):
        PAGE.write_text(drawn, encoding="utf-8")
    assert DRAWN.search(page)
    assert PAGE.read_text(encoding="utf-8") == drawn
    assert {name: walk.changes for name, walk in walks.items() if walk.changes > MOST_CHANGES[name]} == {}


def _drawn(walks: dict[str, Walk]) -> str:
    return "\n".join(f"{_heading(name, walk)}\n\n{_rooms(walk)}\n" for name, walk in walks.items())


def _heading(name: str, walk: Walk) -> str:
    return f"### {name}: {len(walk.files)} files, {walk.changes} changes of package"


def _rooms(walk: Walk) -> str:
    """A line for each stay in a package, with its files in the order in which they are entered; core/ on its own."""
    stays: list[tuple[str, list[str]]] = []
    for file in walk.files:
        package, _, name = file.partition("/")
        if package == "core":
            continue
        if not stays or stays[-1][0] != package:
            stays.append((package, []))
        stays[-1][1].append(f"`{name.removesuffix('.py')}`")
    lines = [f"1. **{package}** {', '.join(files)}" for package, files in stays]
    ground = sorted(f"`{file.removeprefix('core/').removesuffix('.py')}`" for file in walk.files if "core/" in file)
    return "\n".join([*lines, "", f"On the way it stands on core: {', '.join(ground)}."])
