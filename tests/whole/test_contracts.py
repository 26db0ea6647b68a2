"""The contracts between packages bite: what they forbid fails `make lint`."""

import shutil
import subprocess
from pathlib import Path

import pytest

from deploy.processes import BIN, ROOT

pytestmark = pytest.mark.process
ROOMS = ("app", "sandbox", "deploy", "devtools")
FORBIDDEN = {
    "a package without a layer": ("app/attic/__init__.py", '"""Nobody knows where this stands."""\n'),
    "an import upward": ("app/referrals/upward.py", "from app.offers import models\n"),
    "an import sideways": ("app/claims/sideways.py", "from app.numbers import models\n"),
    "Flask in the domain": ("app/offers/request.py", "from flask import request\n"),
    "a provider's client outside workers": ("app/calls/ring.py", "from app.providers.twilio.client import Carrier\n"),
    "the sandbox in the product": ("app/web/phones.py", "from sandbox import world\n"),
    "the product in the sandbox": ("sandbox/rows.py", "from app.core.database import ids\n"),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code and its contracts."""
    copy = tmp_path_factory.mktemp("house")
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def holds(house: Path) -> bool:
    done = subprocess.run([BIN / "lint-imports", "--no-cache"], cwd=house, capture_output=True, text=True, check=False)
    assert "Contracts:" in done.stdout or "layer" in done.stdout, done.stdout + done.stderr
    return done.returncode == 0


def test_the_house_as_it_is_holds(house: Path) -> None:
    assert holds(house)


@pytest.mark.parametrize(("path", "code"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_what_is_forbidden_fails(house: Path, path: str, code: str) -> None:
    added = house / path
    added.parent.mkdir(exist_ok=True)
    added.write_text(code, encoding="utf-8")
    try:
        assert not holds(house)
    finally:
        added.unlink()
        if added.parent.name == "attic":
            shutil.rmtree(added.parent)
