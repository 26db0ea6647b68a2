"""The inner ring is every test that needs no process of its own. What a test uses decides, no list. A pytest plugin."""

import pytest

PROCESSES = frozenset({"servers", "product", "carrier", "sandbox", "browser", "in_process"})
"""Fixtures that start servers, the product, a sandbox or a browser."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "process: needs a server, the product's processes, or a browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if PROCESSES & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("process"):
            item.add_marker("process")
