"""How the demo treats its parts: started, watched, started again, and ended whatever they do."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from marketplace import embedded
from marketplace.site.demo import supervisor
from marketplace.site.demo.supervisor import DemoError, Part
from tests.stack import free_port, wait_until

SLEEPS = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('deaf', flush=True); time.sleep(60)"
)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "HOME", tmp_path)


@pytest.fixture
def launch() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Parts that the test launches, ended after it."""
    children: list[subprocess.Popen[bytes]] = []
    yield children
    for child in children:
        child.kill()
        child.wait()


def python(name: str, code: str) -> Part:
    return Part(name, "web", (sys.executable, "-c", code))


def test_a_busy_port_is_one_sentence_that_names_the_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(DemoError, match=f"Port {port} is taken.*DEMO_PORT={port + 1}"):
            supervisor.refuse_busy_port(port)


def test_a_free_port_is_taken() -> None:
    supervisor.refuse_busy_port(free_port())


def test_the_command_prints_the_sentence_and_no_traceback(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = subprocess.run(
            [sys.executable, "manage.py", "demo", "--port", str(other.getsockname()[1])],
            cwd=supervisor.PROJECT,
            env=os.environ | {"MARKETPLACE_HOME": str(tmp_path)},
            check=False,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert "DEMO_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_secret_is_kept_and_private(tmp_path: Path) -> None:
    first = supervisor.own_secret()
    assert supervisor.own_secret() == first
    assert len(first) > 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_part_is_given_its_own_database_role(tmp_path: Path, launch) -> None:
    part = Part(
        "beat", "worker", (sys.executable, "-c", "import os; print(os.environ['DATABASE_ROLE'])")
    )
    child = supervisor.launch(part, os.environ)
    launch.append(child)
    child.wait(10)
    assert (tmp_path / "log/beat.log").read_text() == "worker\n"


def test_a_part_that_ends_before_the_first_page_stops_the_start(launch) -> None:
    part = python("web", "raise SystemExit(3)")
    launch.append(supervisor.launch(part, os.environ))
    with pytest.raises(DemoError, match=r"The web process ended; .*web\.log says why"):
        supervisor.wait_for_page(free_port(), {part: launch[0]})


def test_a_part_that_dies_later_is_started_again(
    launch, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor, "SETTLED_AFTER", 0.0)
    part = python("worker", SLEEPS)
    children = {part: supervisor.launch(part, os.environ)}
    launch.append(children[part])
    children[part].kill()

    really_launch = supervisor.launch

    def launch_and_stop(again: Part, environment: Mapping[str, str]) -> None:
        launch.append(really_launch(again, environment))
        raise supervisor.Stopped

    monkeypatch.setattr(supervisor, "launch", launch_and_stop)
    with pytest.raises(supervisor.Stopped):
        supervisor.watch(children, os.environ)
    assert "starting it again" in capsys.readouterr().err
    assert launch[1].poll() is None


def test_a_part_that_keeps_dying_ends_the_demo(launch) -> None:
    part = python("worker", "raise SystemExit(1)")
    launch.append(supervisor.launch(part, os.environ))
    with pytest.raises(DemoError, match="The worker process keeps ending"):
        supervisor.watch({part: launch[0]}, os.environ)


def test_a_part_that_will_not_listen_is_ended_all_the_same(
    launch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STOPS_WITHIN", 0.2)
    part = python("web", STUBBORN)
    child = supervisor.launch(part, os.environ)
    launch.append(child)
    assert wait_until((tmp_path / "log/web.log").read_text)
    supervisor.end({part: child})
    assert child.poll() == -signal.SIGKILL


def test_parts_die_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from marketplace.site.demo import supervisor as s;"
        f"p = s.launch(s.Part('web', 'web', (sys.executable, '-c', {SLEEPS!r})), os.environ);"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=supervisor.PROJECT,
        env=os.environ | {"MARKETPLACE_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as boss:
        pid = int(boss.stdout.readline())
        boss.kill()
    assert wait_until(lambda: not is_alive(pid), 5)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def test_a_stop_that_was_swallowed_is_heeded_at_the_next_look(monkeypatch) -> None:
    monkeypatch.setattr(supervisor, "_asked", threading.Event())
    with suppress(supervisor.Stopped):
        supervisor._stop(signal.SIGTERM, None)
    with pytest.raises(supervisor.Stopped):
        supervisor.watch({}, {})
