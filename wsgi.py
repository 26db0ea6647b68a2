"""The web server's entry: `granian --interface wsgi wsgi:app`, and flask's: `flask --app wsgi`."""

import sys

from app import create_app
from app.config import SettingsError

try:
    app = create_app()
except SettingsError as error:
    sys.exit("Dibs cannot start, its settings need attention:\n" + "\n".join(f"  {p}" for p in error.problems))
