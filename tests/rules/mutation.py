"""Change the money rules line by line and see whether a test notices (`make mutants`).

mutmut makes the changes in a copy of the project; a seeded sample of them is run against those
tests of the rules that need no database. Prints a summary and each change nobody noticed.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "var" / "mutants"
COPIED = ("deals", "listings", "marketplace", "tests", "docs", "pyproject.toml", "manage.py")
# Whole worlds of random files, minutes long: a change is noticed by the examples and the records.
SLOW = (
    "test_against_slow.py", "test_broken_bytes.py", "test_broken_files.py", "test_by_hand.py",
    "test_day_by_day.py", "test_histories.py", "test_long_lives.py", "test_policy_versions.py",
    "test_promises.py", "test_properties.py", "test_remembering.py", "test_sums.py", "test_walk.py",
)  # fmt: skip
SETTINGS = """
[tool.mutmut]
source_paths = ["deals/rules"]
also_copy = ["deals", "listings", "marketplace", "docs", "manage.py"]
pytest_add_cli_args = ["-p", "no:randomly"]
pytest_add_cli_args_test_selection = [{tests}]
"""
NOTICED = {1: "noticed", 3: "noticed", 24: "took too long", 36: "took too long",
           -24: "took too long", 152: "took too long", 255: "took too long"}  # fmt: skip


def lay_out(tests: list[str]) -> None:
    """Copy the project and tell mutmut what to change and what to run."""
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(source, PLACE / name, ignore=ignored)
        else:
            shutil.copy(source, PLACE / name)
    chosen = ", ".join(f'"{test}"' for test in tests)
    with (PLACE / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS.format(tests=chosen))


def mutmut(*words: str) -> None:
    command = [str(Path(sys.executable).parent / "mutmut"), *words]
    subprocess.run(command, cwd=PLACE, check=False)


def results() -> dict[str, int | None]:
    """Every change by name, with what its run returned (None: not run)."""
    found: dict[str, int | None] = {}
    for path in sorted((PLACE / "mutants" / "deals" / "rules").rglob("*.meta")):
        found |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    here = sorted((ROOT / "tests" / "rules").glob("test_*.py"))
    lay_out([f"tests/rules/{path.name}" for path in here if path.name not in SLOW])
    mutmut("run", "--max-children", "1", "no.such.change")
    names = sorted(results())
    chosen = random.Random(asked.seed).sample(names, min(asked.sample, len(names)))
    mutmut("run", "--max-children", "1", *chosen)
    ended = results()
    if all(ended[name] is None for name in chosen):
        sys.exit("Nothing was tried: the tests did not pass before any change. See above.")
    counted = Counter(NOTICED.get(ended[name], f"code {ended[name]}") for name in chosen)
    told = [f"{len(chosen)} of {len(names)} changes, seed {asked.seed}: {dict(counted)}"]
    told += [f"code {ended[name]}: {name}" for name in chosen if ended[name] not in NOTICED]
    (PLACE / "summary.txt").write_text("\n".join(told) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(["", *told, ""]))


if __name__ == "__main__":
    main()
