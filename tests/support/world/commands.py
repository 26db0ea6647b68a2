"""Commands as an operator types them, without a process for each: tests/cli runs them as processes."""

from contextvars import copy_context
from functools import lru_cache

from flask import Flask

from app import create_app
from app.config import load_settings
from tests.support.world.product import Product


def flask(product: Product, *arguments: str) -> str:
    """What a command prints. It is to succeed."""
    runner = _app(product).test_cli_runner()
    done = copy_context().run(lambda: runner.invoke(args=arguments))  # who typed it is nobody else's matter
    assert done.exit_code == 0, done.output
    return done.stdout


@lru_cache(maxsize=1)
def _app(product: Product) -> Flask:
    return create_app(load_settings(product.env))
