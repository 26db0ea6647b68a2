"""The app for `flask --app wsgi`, and the web server's entry: `granian --interface rsgi wsgi:server`."""

import sys

from app import create_app
from app.config import SettingsError
from app.core.database.connections import set_clock
from app.http import polling
from app.http.server import Server

try:
    app = create_app()
except SettingsError as error:
    sys.exit("Dibs cannot start, its settings need attention:\n" + "\n".join(f"  {p}" for p in error.problems))

set_clock(app)
server = Server(app, app.extensions[polling.NAME])
