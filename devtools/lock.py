"""Pins what pyproject.toml asks for: every package at one version, with hashes, for each system we run on."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETS = {"requirements.txt": [], "requirements-demo.txt": ["demo"], "requirements-test.txt": ["test"]}
HEAD = "# Made by `make lock` from pyproject.toml. Installed with --require-hashes.\n"


def main() -> int:
    """Writes the three files; needs `uv`, which is no dependency of the product."""
    for name, extras in SETS.items():
        target = ROOT / "deploy" / name
        flags = [flag for extra in extras for flag in ("--extra", extra)]
        done = subprocess.run(
            [sys.executable, "-m", "uv", "pip", "compile", "-q", "--universal", "--python-version", "3.11",
             "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header", *flags, "pyproject.toml",
             "-o", str(target)],
            cwd=ROOT, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            return done.returncode
        target.write_text(HEAD + target.read_text(encoding="utf-8"), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
