"""`make words`: collects what is said in code and templates, and brings the catalogues in app/translations up to it.

What is new in a catalogue is empty, and tests/whole/test_languages.py fails until it is translated.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = ROOT / "app" / "translations"
KEYWORDS = ("mark", "ngettext:1,2")
HEADERS = ("Language", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")
WIDTH = 120


def main() -> int:
    """Rewrites each catalogue; returns how many words wait for a translation."""
    wanted, waiting = collected(), 0
    for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po")):
        catalogue = brought_up(read_catalogue(path), wanted)
        write(catalogue, path)
        empty = [message.id for message in catalogue if message.id and not is_translated(message.string)]
        print(f"{path.relative_to(ROOT)}: {len(empty)} to translate")
        waiting += len(empty)
    return min(waiting, 1)


def collected() -> Catalog:
    """All that is said, from the places that pyproject.toml names."""
    with TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        keywords = [part for keyword in KEYWORDS for part in ("-k", keyword)]
        mapping = str(ROOT / "pyproject.toml")
        CommandLineInterface().run(  # type: ignore[no-untyped-call]
            ["pybabel", "-q", "extract", "-F", mapping, *keywords, "--no-location", "-o", str(template), str(ROOT)]
        )
        with template.open("rb") as file:
            return read_po(file)


def read_catalogue(path: Path) -> Catalog:
    """One language's words; the folder is named for it."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def brought_up(catalogue: Catalog, wanted: Catalog) -> Catalog:
    """The catalogue with all that is wanted, and nothing else. Nothing is guessed from what reads alike."""
    catalogue.update(wanted, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def write(catalogue: Catalog, path: Path) -> None:
    """Sorted, and without the dates and addresses that would change with every run."""
    with path.open("wb") as file:
        write_po(file, catalogue, width=WIDTH, sort_output=True, no_location=True, ignore_obsolete=True)
    head, gap, words = path.read_text(encoding="utf-8").partition("\n\n")
    kept = [line for line in head.splitlines() if not line.startswith('"') or line[1:].partition(":")[0] in HEADERS]
    path.write_text("\n".join(kept) + gap + words, encoding="utf-8")


def is_translated(string: str | list[str] | tuple[str, ...] | None) -> bool:
    """Whether there are words in each of its forms."""
    return all(string) if isinstance(string, list | tuple) else bool(string)


if __name__ == "__main__":
    sys.exit(main())
