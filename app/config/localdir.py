"""Where development keeps its private sockets: a short path, since a Unix socket's is limited to about 100 bytes."""

import hashlib
import os
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def socket_dir(project: Path = PROJECT) -> Path:
    """The folder of this project's sockets; another checkout has another."""
    mark = hashlib.sha256(str(project).encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"dibs-{os.getuid()}-{mark}"
