"""Commands as an operator types them, without a process for each: tests/cli has them in processes."""

from contextvars import Context
from functools import lru_cache

from flask import Flask

from app import create_app
from app.config import load_settings
from tests.support.world.product import Product


def flask(product: Product, *arguments: str) -> str:
    """What a command prints. It is to succeed."""
    runner = _app(product).test_cli_runner()
    # In a context with nothing in it: a fixture may have an app of its own at hand, with another database.
    done = Context().run(lambda: runner.invoke(args=arguments, catch_exceptions=False))
    assert done.exit_code == 0, done.output
    return done.stdout


@lru_cache(maxsize=1)
def _app(product: Product) -> Flask:
    return create_app(load_settings(product.env))
