"""Where the suite's time went: the slowest tests and the seconds by folder, set-up apart. A pytest plugin."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePath

import pytest

SLOWEST = 20
SHOWN_FROM = 100
"""Tests; a run of fewer is somebody at work on one thing."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Under xdist the controller has the reports of all workers."""
    reports = [report for found in terminalreporter.stats.values() for report in found if _is_timed(report)]
    if len({report.nodeid for report in reports}) < SHOWN_FROM:
        return
    by_test: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for report in reports:
        by_test[report.nodeid][report.when == "call"] += report.duration
    terminalreporter.section(f"the slowest {SLOWEST}: seconds, of these set-up")
    for name, (around, itself) in _slowest(by_test.items())[:SLOWEST]:
        terminalreporter.write_line(f"{around + itself:7.1f} {around:6.1f}  {name}")
    by_folder: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0])
    for name, (around, itself) in by_test.items():
        folder = by_folder[str(PurePath(name.partition("::")[0]).parent)]
        folder[0], folder[1], folder[2] = folder[0] + around, folder[1] + itself, folder[2] + 1
    terminalreporter.section("by folder: seconds, of these set-up, tests")
    for folder_name, (around, itself, tests) in _slowest(by_folder.items()):
        terminalreporter.write_line(f"{around + itself:7.1f} {around:6.1f} {tests:5.0f}  {folder_name}")


def _is_timed(report: object) -> bool:
    return isinstance(report, pytest.TestReport)


def _slowest(timed: Iterable[tuple[str, list[float]]]) -> list[tuple[str, list[float]]]:
    return sorted(timed, key=lambda entry: -sum(entry[1][:2]))
