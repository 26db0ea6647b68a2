"""Runs operators' commands in the test's process; tests/cli runs them as processes."""

from contextvars import Context
from functools import lru_cache

from flask import Flask

from app import create_app
from app.config import load_settings
from tests.support.world.product import Product


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
