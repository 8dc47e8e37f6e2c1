"""Whether there is a browser, and pango to draw PDF files; their tests are left out without.

A plugin (pyproject.toml): with several workers the counts have to travel to the one that prints
them.
"""

import os
import shutil
from ctypes.util import find_library
from typing import Any

import pytest

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
# Marker: whether its tests can run here, and what to install where they cannot.
NEEDS = {
    "browser": (bool(CHROMIUM), "chromium"),
    "paper": (bool(find_library("pango-1.0")), "pango"),
}
LEFT_OUT = pytest.StashKey[dict[str, int]]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what cannot run here; where it is required, refuse to run."""
    config.stash[LEFT_OUT] = {}
    for marker, (is_here, program) in NEEDS.items():
        marked = [item for item in items if item.get_closest_marker(marker)]
        if is_here or not marked:
            continue
        if os.environ.get("REQUIRE_BROWSER") == "1":
            raise pytest.UsageError(f"REQUIRE_BROWSER=1, but no {program} was found.")
        config.stash[LEFT_OUT][marker] = len(marked)
        items[:] = [item for item in items if item not in marked]
        config.hook.pytest_deselected(items=marked)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the controller, when this is one of its workers."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(LEFT_OUT, {})


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear it from a worker; each of them collects everything."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", {})


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say aloud what was not tested."""
    for marker, count in config.stash.get(LEFT_OUT, {}).items():
        terminalreporter.write_line(
            f"{count} {marker} tests were left out; install {NEEDS[marker][1]} to run them."
        )
