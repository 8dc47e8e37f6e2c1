"""Browser tests are never skipped in silence."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def run(tmp_path: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    test = tmp_path / "test_driven.py"
    test.write_text(
        "import pytest\n"
        "@pytest.mark.browser\n"
        "def test_driven(): raise AssertionError\n"
        "def test_plain(): pass\n"
    )
    # Where this suite itself requires a browser, the inner run must not inherit it.
    ours = {key: value for key, value in os.environ.items() if key != "REQUIRE_BROWSER"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", test, *options],
        cwd=ROOT,
        env=ours | {"PATH": "/nowhere"} | environment,
        check=False,
        capture_output=True,
        text=True,
    )


def test_without_a_browser_the_run_says_how_many_tests_it_left_out(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert "1 browser tests were left out" in done.stdout
    assert "1 passed, 1 deselected" in done.stdout
    assert done.returncode == 0


def test_several_workers_say_it_as_well(tmp_path: Path) -> None:
    done = run(tmp_path, "-n", "2")
    assert "1 browser tests were left out" in done.stdout
    assert done.returncode == 0


def test_where_a_browser_is_required_its_absence_fails(tmp_path: Path) -> None:
    done = run(tmp_path, REQUIRE_BROWSER="1")
    assert "no chromium was found" in done.stderr
    assert done.returncode != 0
