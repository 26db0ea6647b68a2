"""Compresses static files beforehand (gzip, brotli), those that changed since the last time."""

from pathlib import Path

from whitenoise.compress import Compressor

STATIC = Path(__file__).resolve().parents[1] / "static"


def main() -> None:
    """Writes the siblings that WhiteNoise serves."""
    compressor = Compressor(quiet=True)
    for path in sorted(STATIC.rglob("*")):
        if path.is_file() and compressor.should_compress(path.name) and _stale(path):
            compressor.compress(str(path))


def _stale(path: Path) -> bool:
    packed = path.with_name(path.name + ".br")
    return not packed.exists() or packed.stat().st_mtime < path.stat().st_mtime


if __name__ == "__main__":
    main()
