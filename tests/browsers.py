"""Whether there is a browser, and what happens to its tests when there is none.

A plugin (pyproject.toml): with several workers the count has to travel to the one that prints it.
"""

import os
import shutil
from typing import Any

import pytest

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
LEFT_OUT = pytest.StashKey[int]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect browser tests where there is none; where one is required, refuse to run."""
    driven = [item for item in items if item.get_closest_marker("browser")]
    if CHROMIUM or not driven:
        return
    if os.environ.get("REQUIRE_BROWSER") == "1":
        raise pytest.UsageError("REQUIRE_BROWSER=1, but no chromium was found.")
    config.stash[LEFT_OUT] = len(driven)
    items[:] = [item for item in items if item not in driven]
    config.hook.pytest_deselected(items=driven)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the controller, when this is one of its workers."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear it from a worker; each of them collects everything."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say aloud what was not tested."""
    left_out = config.stash.get(LEFT_OUT, 0)
    if left_out:
        terminalreporter.write_line(
            f"{left_out} browser tests were left out; install chromium to run them."
        )
