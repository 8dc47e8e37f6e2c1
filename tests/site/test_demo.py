"""The demo as a visitor meets it: an address, sign-ins, and nothing left afterwards."""

import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from marketplace import embedded
from marketplace.embedded.servers import Postgres, Valkey
from marketplace.site.demo import supervisor
from marketplace.site.demo.people import sign_ins
from tests.site.test_embedded import own_environment
from tests.stack import free_port, wait_until

pytestmark = pytest.mark.servers

FILL = """
from tests.factories import OrganisationFactory
OrganisationFactory(name_zh='岭南理工大学')
"""
COUNT = """
from marketplace.accounts.models import Organisation
print(Organisation.objects.filter(name_zh='岭南理工大学').count())
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that is in use already, so that the demo has nothing to seed."""
    folder = tmp_path_factory.mktemp("demo")
    for command in (["migrate", "--verbosity", "0"], ["shell", "-v", "0", "-c", FILL]):
        done = manage(folder, *command)
        assert done.returncode == 0, done.stderr
    return folder


def manage(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=supervisor.PROJECT,
        env=own_environment(MARKETPLACE_HOME=str(home)) | {"DATABASE_ROLE": "owner"},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def demo(home: Path) -> Iterator[Callable[[], tuple[subprocess.Popen[str], int]]]:
    """Start the demo and return it with its port once its page answers."""
    started: list[subprocess.Popen[str]] = []

    def begin() -> tuple[subprocess.Popen[str], int]:
        port = free_port()
        environment = own_environment(MARKETPLACE_HOME=str(home))
        environment.pop("DATABASE_ROLE", None)
        child = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=supervisor.PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(child)
        assert wait_until(lambda: supervisor.is_ready(port), 60)
        return child, port

    yield begin
    for child in started:
        child.kill()
        child.communicate()


def test_the_demo_shows_a_page_and_a_sign_in_for_each_role(demo) -> None:
    child, port = demo()
    with urllib.request.urlopen(f"http://localhost:{port}/") as page:
        assert page.status == 200
    child.send_signal(signal.SIGINT)
    printed, _ = child.communicate(timeout=60)
    assert f"http://localhost:{port}" in printed
    assert all(address in printed for _, address, _ in sign_ins())
    assert child.returncode == 0


def test_stopping_it_leaves_no_server_and_keeps_the_data(demo, home: Path) -> None:
    child, _ = demo()
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=60)
    assert not Postgres(home).pid_file.exists()
    assert not Valkey(home).pid_file.exists()
    kept = manage(home, "shell", "-v", "0", "-c", COUNT)
    assert kept.stdout.strip() == "1"


def test_a_data_folder_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    data = Postgres(tmp_path).data
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    done = manage(tmp_path, "demo", "--port", str(free_port()))
    assert done.returncode == 1
    assert "make demo RESET=1" in done.stderr
    assert "Traceback" not in done.stderr


def test_resetting_throws_the_data_away(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres/PG_VERSION").write_text("9\n")
    embedded.forget(tmp_path)
    assert not (tmp_path / "postgres").exists()


def test_data_in_use_are_not_thrown_away(home: Path, demo) -> None:
    demo()
    with pytest.raises(embedded.ServerError, match="stop it first"):
        embedded.forget(home)
