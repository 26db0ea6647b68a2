"""Pins what pyproject.toml asks for: every package at one version, with hashes, for each system we run on."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETS = {"requirements.txt": [], "requirements-demo.txt": ["demo"], "requirements-test.txt": ["test"]}
BUILD, BUILT_WITH = "requirements-build.txt", "setuptools\n"
"""What builds the one package that comes as source, http-ece: pinned as well, where pip would fetch the newest."""
HEAD = "# Made by `make lock` from pyproject.toml. Installed with --require-hashes.\n"


def main() -> int:
    """Writes the four files; needs `uv`, which is no dependency of the product."""
    for name, extras in SETS.items():
        flags = [flag for extra in extras for flag in ("--extra", extra)]
        code = _pin(name, *flags, "pyproject.toml")
        if code != 0:
            return code
    return _pin(BUILD, "-", wanted=BUILT_WITH)


def _pin(name: str, *flags: str, wanted: str | None = None) -> int:
    """The exit code; `wanted`: what to pin, where a flag says that it is read from there."""
    target = ROOT / "deploy" / name
    done = subprocess.run(
        [sys.executable, "-m", "uv", "pip", "compile", "-q", "--universal", "--python-version", "3.11",
         "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header", *flags,
         "-o", str(target)],
        cwd=ROOT, check=False, input=wanted, text=True,
    )  # fmt: skip
    if done.returncode == 0:
        target.write_text(HEAD + target.read_text(encoding="utf-8"), encoding="utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
