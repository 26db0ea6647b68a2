"""Operators' commands: in the test's process, and as they are typed."""

import subprocess
import sys
from contextvars import Context
from functools import lru_cache

from flask import Flask

from app import create_app
from app.config import load_settings
from deploy.processes import ROOT
from tests.support.world.product import Product

FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


def flask(product: Product, *arguments: str) -> str:
    """The output of a command, which must succeed."""
    runner = _app(product).test_cli_runner()
    # In an empty context: a fixture may have pushed another app, with another database.
    done = Context().run(lambda: runner.invoke(args=arguments, catch_exceptions=False))
    assert done.exit_code == 0, done.output
    return done.stdout


@lru_cache(maxsize=1)
def _app(product: Product) -> Flask:
    return create_app(load_settings(product.env))


def types(product: Product, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs a flask command, whatever comes of it."""
    env = {**product.env, **settings}
    return subprocess.run([*FLASK, *arguments], cwd=ROOT, env=env, check=False, capture_output=True, text=True)
